/** Leaves out what was not given: an absent option and an undefined one are different things to strict types. */
export function omitUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The same fields without these; a name that is false counts as not given. */
export function withoutFields<T extends object, K extends keyof T & string>(
  fields: T,
  names: readonly (K | false | null)[],
): Omit<T, K> & Partial<Pick<T, K>> {
  const left: [string, unknown][] = [];
  for (const field of Object.entries(fields)) if (!names.includes(field[0] as K)) left.push(field);
  return Object.fromEntries(left) as Omit<T, K> & Partial<Pick<T, K>>;
}
