const latestMs = 8_640_000_000_000_000;

/** ISO 8601 UTC of milliseconds since 1970; clamps times outside the range of dates. */
export const isoFromMs = (ms: number): string => new Date(Math.max(-latestMs, Math.min(ms, latestMs))).toISOString();

/** ISO 8601 UTC of seconds since 1970, without the fraction, which is always zero. */
export const iso = (seconds: number): string => isoFromMs(seconds * 1000).replace('.000Z', 'Z');

export const isoOrNull = (seconds: number | null): string | null => (seconds === null ? null : iso(seconds));
