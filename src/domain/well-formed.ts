/**
 * The value with U+FFFD in place of each half surrogate pair, in texts at any depth: SQLite would store half a pair as
 * text that other programs cannot read. Returns the same object where nothing changes; bytes stay as they are.
 */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return (value.isWellFormed() ? value : value.toWellFormed()) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const parts = value as Record<string, unknown>;
  let changed: Record<string, unknown> | undefined;
  // for…in makes no list of the fields: each row of a history passes here.
  for (const name in parts) {
    const part = parts[name];
    const valid = wellFormed(part);
    if (valid === part) continue;
    changed ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    changed[name] = valid;
  }
  return (changed ?? value) as T;
}
