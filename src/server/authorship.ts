import * as z from 'zod';
import type { AnyTool } from '../tools/define.ts';
import { timeFields } from '../tools/result/times.ts';

/** What a schema says of a value. */
interface Schema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema | boolean;
}

export interface Authorship {
  /** Fields that other people fill, wherever they stand in the result; empty when all of it is ours. */
  theirs: readonly string[];
  /** Fields of the result itself that hold one of them. */
  outer: ReadonlySet<string>;
}

/** Of what no other people wrote. */
export const nobody: Authorship = { theirs: [], outer: new Set() };

/**
 * Text that this program makes or checks: addresses, numbers, times, states, its own words. A text field that is not
 * listed counts as written by other people.
 */
export const ours: ReadonlySet<string> = new Set([
  ...timeFields,
  ...[
    'jid chat_jid community_jid parent_jid pn lid sender phone',
    'zone today weekday',
    'message next_step incomplete reason summary what sync_type path version platform next_cursor',
    'code qr flow_id page_url',
  ].flatMap((line) => line.split(' ')),
]);

/** Fields that are ours in the results of one tool alone. */
export const oursIn: Readonly<Record<string, readonly string[]>> = {
  backend_status: ['url'],
};

/** Told as a whole, because all that is in them comes from others. */
export const wholly: ReadonlySet<string> = new Set(
  'quoted edits reactions receipts poll details products collections hours'.split(' '),
);

const known = new WeakMap<AnyTool, Authorship>();

/** Who wrote what in the results of a tool, by its output schema. */
export function authorshipOf(tool: AnyTool): Authorship {
  const found = known.get(tool) ?? read(tool);
  known.set(tool, found);
  return found;
}

function read({ name, output }: AnyTool): Authorship {
  const exempt = new Set([...ours, ...(oursIn[name] ?? [])]);
  const { properties = {} } = z.toJSONSchema(output, { io: 'output' }) as Schema;
  const fields = Object.entries(properties).map(
    ([field, schema]) => [field, [...textsIn(field, schema, exempt)]] as const,
  );
  return {
    theirs: [...new Set(fields.flatMap(([, texts]) => texts))],
    outer: new Set(fields.flatMap(([field, texts]) => (texts.length > 0 ? [field] : []))),
  };
}

/** The names of fields with free text of others in a value and below it; keys that data decides count as text too. */
function* textsIn(field: string, schema: Schema, exempt: ReadonlySet<string>): Iterable<string> {
  const below = [...parts(schema)];
  const inside = below.flatMap(([name, part]) => [...textsIn(name ?? field, part, exempt)]);
  const isText = hasText(schema) && !exempt.has(field);
  if (wholly.has(field) && (isText || inside.length > 0)) return yield field;
  if (isText) yield field;
  yield* inside;
}

function* parts({
  anyOf = [],
  items,
  properties = {},
  additionalProperties,
}: Schema): Iterable<[string | null, Schema]> {
  for (const part of anyOf) yield [null, part];
  if (items) yield [null, items];
  yield* Object.entries(properties);
  if (typeof additionalProperties === 'object') yield [null, additionalProperties];
}

/** Text, or anything at all, that no closed list bounds; and records whose keys none bounds. */
function hasText(schema: Schema & { propertyNames?: Schema }): boolean {
  if (schema.enum !== undefined || schema.const !== undefined) return false;
  if (typeof schema.additionalProperties === 'object') return schema.propertyNames?.enum === undefined;
  return schema.type === undefined ? schema.anyOf === undefined : [schema.type].flat().includes('string');
}
