/**
 * The value with U+FFFD in place of each half surrogate pair, in texts at any depth: SQLite would store half a pair as
 * text that other programs cannot read. Returns the same object where nothing changes; bytes stay as they are.
 */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return (value.isWellFormed() ? value : value.toWellFormed()) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const entries = value.map(wellFormed);
    return (entries.some((entry, index) => entry !== value[index]) ? entries : value) as T;
  }
  const changed = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const valid: unknown = wellFormed(field);
    return valid === field ? [] : [[name, valid]];
  });
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}
