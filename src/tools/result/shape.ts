import * as z from 'zod';
import type { Page } from '../../store/reader.ts';
import { mapPage } from './page.ts';

/** Arguments that say how much of each entry is wanted; the fields are those of a row. */
export const partArguments = (row: z.ZodObject) => ({
  fields: z
    .array(fieldOf(Object.keys(row.shape)))
    .optional()
    .describe('Only these fields.'),
  max_chars: z.number().int().min(1).max(4000).optional().describe('Most characters of each text.'),
});

/** The same of a list, of which the number may be enough. */
export const shapeArguments = (row: z.ZodObject) => ({
  ...partArguments(row),
  count_only: z.boolean().optional().describe('Counts alone.'),
});

const shapeNames: ReadonlySet<string> = new Set(['fields', 'count_only', 'max_chars']);

/** Whether an argument only says how much of a list is wanted: the address of a resource has none of these. */
export const isShape = (argument: string): boolean => shapeNames.has(argument);

/** The names are no enum, because a schema that lists them costs every conversation; the error names them. */
const fieldOf = (names: readonly string[]) =>
  z.string().refine((name) => names.includes(name), { error: `is none of: ${names.join(', ')}` });

/** How much of each entry is wanted. */
export interface Part {
  fields?: string[] | undefined;
  max_chars?: number | undefined;
}

export interface Shape extends Part {
  count_only?: boolean | undefined;
}

/** The page with no more of each entry than was asked for, its `ids` aside. */
export function shapePage<T extends object>(page: Page<T>, shape: Shape, ids: readonly string[]): Page<T> {
  if (shape.count_only) return { items: [], cursors: [], next_cursor: null };
  return shape.fields ? mapPage(page, partOf(shape, ids)) : page;
}

/** Leaves of an entry the fields that were asked for, and its `ids`. */
export function partOf({ fields }: Part, ids: readonly string[]): <T extends object>(entry: T) => T {
  if (!fields) return (entry) => entry;
  const wanted = new Set([...ids, ...fields, ...fields.map((name) => `${name}_truncated`)]);
  return <T extends object>(entry: T) =>
    Object.fromEntries(Object.entries(entry).filter(([name]) => wanted.has(name))) as T;
}
