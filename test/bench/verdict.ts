/** One line of a bench: what was measured beside its limit. */
export interface Verdict {
  text: string;
  ok: boolean;
}

/** `value` may be at most `most`, in the same unit. */
export const limit = (text: string, value: number, most: number, unit = ''): Verdict => ({
  text: `${text}: ${value.toFixed(value < 1 ? 4 : 2)}${unit} (at most ${most}${unit})`,
  ok: value <= most,
});

/** Prints every line; true when no limit was missed. */
export function report(verdicts: readonly Verdict[]): boolean {
  for (const { text, ok } of verdicts) console.log(`${ok ? 'ok  ' : 'MISS'} ${text}`);
  return verdicts.every(({ ok }) => ok);
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
