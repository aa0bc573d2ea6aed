/** One line of a bench: a measured value and its limit. */
export interface Verdict {
  text: string;
  ok: boolean;
}

/** `most` is the largest allowed `value`, in the same unit. */
export const limit = (text: string, value: number, most: number, unit = ''): Verdict => ({
  text: `${text}: ${value.toFixed(value < 1 ? 4 : 2)}${unit} (at most ${most}${unit})`,
  ok: value <= most,
});

/** Prints every line; true when no limit is missed. */
export function report(verdicts: readonly Verdict[]): boolean {
  for (const { text, ok } of verdicts) console.log(`${ok ? 'ok  ' : 'MISS'} ${text}`);
  return verdicts.every(({ ok }) => ok);
}

/** The quantile of the values at this share. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
