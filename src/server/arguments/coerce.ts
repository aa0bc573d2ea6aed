import type * as z from 'zod';
import type { AnyTool } from '../../tools/define.ts';

/**
 * An argument in the type that its schema has, where a client sent the same in another: `"10"` for a number, `"false"`
 * for a boolean, JSON text or one entry for a list, a number for text, a word of a closed list in capitals. Empty text
 * for an optional argument is undefined: absent. What has no such meaning returns unchanged, for the schema to refuse.
 */
export function coerceArgument(tool: AnyTool, name: string, value: unknown): unknown {
  const schema = tool.input.shape[name] as z.ZodType | undefined;
  if (schema === undefined) return value;
  if (isBlank(value) && isOptional(schema)) return undefined;
  const { def } = innermost(schema);
  // A destructive tool takes only a real boolean: text may mean anything.
  if (def.type === 'boolean' && tool.effect === 'destructive') return value;
  return coercions[def.type]?.(value, def) ?? value;
}

interface Def {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  entries?: Record<string, string>;
}

/** Each returns undefined where it has no other form for the value. */
const coercions: Record<string, (value: unknown, def: Def) => unknown> = {
  number: (value) =>
    typeof value === 'string' && /^\s*[+-]?\d{1,15}(\.\d{1,15})?\s*$/.test(value) ? Number(value) : undefined,
  boolean: (value) => (typeof value === 'string' ? booleans.get(value.trim().toLowerCase()) : undefined),
  string: (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined),
  enum: (value, { entries = {} }) =>
    typeof value === 'string' ? Object.values(entries).find((word) => word === value.trim().toLowerCase()) : undefined,
  array: (value, { element }) => toList(value)?.map((entry) => (element ? coerceEntry(element, entry) : entry)),
};

const booleans = new Map([
  ['true', true],
  ['false', false],
]);

const coerceEntry = (schema: z.ZodType, value: unknown): unknown => {
  const { def } = innermost(schema);
  return coercions[def.type]?.(value, def) ?? value;
};

/** A list, the list that JSON text holds, or the one entry of a list. */
function toList(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === 'number') return [value];
  if (typeof value !== 'string') return undefined;
  if (!value.trim().startsWith('[')) return [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

const isOptional = (schema: z.ZodType): boolean => schema._zod.optin !== undefined;

/** The schema behind optional, default and transform. */
function innermost(schema: z.ZodType): { def: Def } {
  const def = schema._zod.def as unknown as Def;
  const inner = def.innerType ?? def.in;
  return inner === undefined ? { def } : innermost(inner);
}
