export type PlainObject = Record<string, unknown>;

/** Whether a value has fields of its own: an object that is neither null nor a list. */
export const isPlainObject = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
