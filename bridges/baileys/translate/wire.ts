/** Values from protobuf: numbers may be Long objects, texts may be null. */

export type WireNumber = number | string | bigint | { toNumber(): number } | null | undefined;

/** A finite number ≥ 0, or undefined. */
export function number(value: WireNumber): number | undefined {
  const plain =
    value !== null && typeof value === 'object' && 'toNumber' in value ? value.toNumber() : Number(value ?? NaN);
  return Number.isFinite(plain) && plain >= 0 ? plain : undefined;
}

/** A whole number > 0, or undefined: WhatsApp writes 0 for "not set". */
export function positive(value: WireNumber): number | undefined {
  const plain = number(value);
  return plain === undefined || Math.trunc(plain) <= 0 || !Number.isSafeInteger(Math.trunc(plain))
    ? undefined
    : Math.trunc(plain);
}

/** Unix seconds from a time in seconds or milliseconds (WhatsApp uses both, sometimes for the same field). */
export function seconds(value: WireNumber): number | undefined {
  const plain = positive(value);
  return plain !== undefined && plain > 100_000_000_000 ? Math.trunc(plain / 1000) : plain;
}

/** The text, or undefined when it is null or empty. */
export const text = (value: string | null | undefined): string | undefined => value || undefined;

/** An object without its undefined fields, or undefined when none is left. */
export function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T | undefined {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as T) : undefined;
}
