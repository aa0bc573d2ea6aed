import * as z from 'zod';
import type { OperationName } from '../../../bridges/operations/catalog.ts';
import type { Toolset } from '../../domain/toolsets.ts';
import type { Page } from '../../store/reader.ts';
import { type AnyTool, defineTool, type ToolContext } from '../define.ts';
import type { Line } from '../layout.ts';
import { Cursor, limit } from '../params.ts';
import { freshness, freshnessFields, searchFreshness, searchFreshnessFields } from './freshness.ts';
import { pageEnd, pageFields } from './page.ts';
import { type Shape, shapeArguments, shapePage } from './shape.ts';

type Fields = z.ZodRawShape;
type Output<F extends Fields> = z.output<z.ZodObject<F>>;

/** What a list is called, and what its entries are. */
interface EntriesOf<R extends z.ZodObject> {
  /** The field that holds them. */
  field: string;
  row: R;
  /** How one stands in the text. */
  line: Line;
  /** Fields that name one. Where they are given, the tool takes `fields`, `count_only` and `max_chars`. */
  ids?: readonly (keyof R['shape'] & string)[];
  /** How many a page has unless a client asks for more or fewer. */
  standard: number;
}

/** What every list is asked for. */
type ListArguments = Shape & { limit: number; cursor?: string | undefined };

interface ListTool<A extends Fields, R extends z.ZodObject, H extends Fields, U extends readonly OperationName[]> {
  name: string;
  title: string;
  description: string;
  toolset: Toolset;
  /** Operations that it calls; without any it works offline. */
  uses: U;
  /** Its own arguments, before those of every list. */
  input: A;
  example: Record<string, unknown>;
  /** Its own fields, before the entries. */
  head: H;
  entries: EntriesOf<R>;
  /** What of it comes from the store, and so may still lack something: its rows, or a search in them. */
  stored?: 'rows' | 'search';
  /** `count` is the number of entries shown. */
  summary(head: Output<H>, count: number): string;
  /** A page and the own fields. */
  list(args: Output<A> & ListArguments, context: ToolContext<U[number]>): Promise<Found<R, H>> | Found<R, H>;
}

type Found<R extends z.ZodObject, H extends Fields> = z.input<z.ZodObject<H>> & { page: Page<z.input<R>> };

const storedFields = { rows: freshnessFields, search: searchFreshnessFields };

/**
 * A tool that reads a list page by page: with `limit` and `cursor`, `truncated` and `next_cursor`, a page that fits, and,
 * where entries have ids, with less of each on request.
 */
export function defineListTool<
  A extends Fields,
  R extends z.ZodObject,
  H extends Fields,
  const U extends readonly OperationName[],
>(tool: ListTool<A, R, H, U>): AnyTool {
  const { input, head, entries, stored, summary, list, ...rest } = tool;
  const { field, row, line, ids, standard } = entries;
  const taken = { ...input, ...(ids && shapeArguments(row)), limit: limit(standard), cursor: Cursor };
  const told = { ...head, [field]: z.array(ids ? partly(row, ids) : row), ...pageFields };
  return defineTool({
    ...rest,
    effect: 'read',
    openWorld: tool.uses.length > 0,
    input: z.object<Fields>(taken),
    output: z.object<Fields>({ ...told, ...(stored && storedFields[stored]) }),
    list: field,
    lines: { [field]: line },
    summary: (result) => summary(result as Output<H>, (result[field] as unknown[]).length),
    async run(args, context) {
      const asked = countable(args as Output<A> & ListArguments);
      const before = stored === 'search' ? await searchFreshness(context) : {};
      const { page, ...own } = await list(asked, context);
      const { items, cursors, next_cursor } = ids ? shapePage(page, asked, ids) : page;
      const fresh = stored === 'rows' ? freshness(context) : before;
      return { ...own, [field]: items, ...pageEnd({ next_cursor }), ...fresh, cursors };
    },
  });
}

/** For a count one entry is enough to read. */
const countable = <T extends ListArguments>(args: T): T => (args.count_only ? { ...args, limit: 1 } : args);

/** An entry of which only the ids always stand. */
const partly = (row: z.ZodObject, ids: readonly string[]): z.ZodObject =>
  row.partial().required(Object.fromEntries(ids.map((name) => [name, true])) as never);
