import * as z from 'zod';
import type { Page } from '../../store/reader.ts';

/** Arguments of a list that say how much of it is wanted; the fields are those of a row. */
export const shapeArguments = (row: z.ZodObject) => ({
  fields: z
    .array(fieldOf(Object.keys(row.shape)))
    .max(50)
    .optional()
    .describe('Only these fields of each, and the id.'),
  count_only: z.boolean().default(false).describe('Counts alone.'),
  max_chars: z.number().int().min(1).max(4000).optional().describe('Most characters of each text.'),
});

const shapeNames: ReadonlySet<string> = new Set(['fields', 'count_only', 'max_chars']);

/** Whether an argument only says how much of a list is wanted: the address of a resource has none of these. */
export const isShape = (argument: string): boolean => shapeNames.has(argument);

/** The names are no enum, because a schema that lists them costs every conversation; the error names them. */
const fieldOf = (names: readonly string[]) =>
  z.string().refine((name) => names.includes(name), { error: `is none of: ${names.join(', ')}` });

interface Shape {
  fields?: string[] | undefined;
  count_only?: boolean;
  max_chars?: number | undefined;
}

/** The page with no more of each entry than was asked for, its `ids` aside. */
export function shapePage<T extends object>(
  page: Page<T>,
  { fields, count_only }: Shape,
  ids: readonly string[],
): Page<T> {
  if (count_only) return { items: [], cursors: [], next_cursor: null };
  if (!fields) return page;
  const wanted = new Set([...ids, ...fields, ...fields.map((name) => `${name}_truncated`)]);
  return { ...page, items: page.items.map((entry) => pick(entry, wanted)) };
}

function pick<T extends object>(entry: T, wanted: ReadonlySet<string>): T {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => wanted.has(name))) as T;
}
