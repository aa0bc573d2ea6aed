/** Samples over time, each with the same figures. */
type Samples<K extends string> = readonly Readonly<Record<K, number>>[];

function quarters<K extends string>(samples: Samples<K>): [Samples<K>, Samples<K>] {
  const quarter = Math.floor(samples.length / 4);
  return [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
}

/** The mean of the last quarter of the samples, divided by the mean of the second: warm-up is over by then. */
export function growth<K extends string>(samples: Samples<K>, of: K): number {
  const [second, last] = quarters(samples).map((part) => part.reduce((sum, one) => sum + one[of], 0) / part.length);
  return Math.round(((last ?? 0) / (second || 1)) * 1000) / 1000;
}

/** The increase from the second to the last quarter: compares the minimum of each, because the rest is temporary. */
export function surplus<K extends string>(samples: Samples<K>, of: K): number {
  const [second, last] = quarters(samples).map((part) => Math.min(...part.map((one) => one[of])));
  return (last ?? 0) - (second ?? 0);
}
