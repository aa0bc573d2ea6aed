import { alwaysStands } from '../../../src/tools/result/compact.ts';

/** What a client sees of a result that is written with all of its fields. */
export function shown<T>(value: T): T {
  if (Array.isArray(value)) return value.map((part) => shown(part)) as T;
  if (typeof value !== 'object' || value === null || 'asymmetricMatch' in value) return value;
  const told = Object.entries(value).map(([name, part]) => [name, shown(part)] as const);
  return Object.fromEntries(told.filter(([name, part]) => part !== null && (alwaysStands(name) || says(part)))) as T;
}

const says = (part: unknown): boolean =>
  typeof part === 'object' && part !== null
    ? 'asymmetricMatch' in part || Object.keys(part).length > 0
    : part !== false && part !== '' && part !== undefined;

/** A result with what was left out of it put back where `expected` has it as null, false, 0 or empty. */
export function filled(result: unknown, expected: unknown): unknown {
  if (typeof result !== 'object' || result === null || typeof expected !== 'object' || expected === null) return result;
  if (Array.isArray(result)) return result.map((part, index) => filled(part, (expected as unknown[])[index]));
  const fields = result as Record<string, unknown>;
  const absent = Object.entries(expected).filter(
    ([name, part]) => !(name in fields) && (part === null || part === 0 || !says(part)),
  );
  const parts = Object.entries(fields).map(([name, part]) => [name, filled(part, (expected as typeof fields)[name])]);
  return { ...Object.fromEntries(parts), ...Object.fromEntries(absent) };
}
