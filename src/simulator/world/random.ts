/** Seeded numbers: the world is derived from these, so that two runs give the same rows. */

/** A bijection of 32-bit numbers that scatters neighbours (MurmurHash3's finalizer). */
export function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The inverse of `mix`. */
export function unmix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x7ed1b41d);
  h ^= (h >>> 13) ^ (h >>> 26);
  h = Math.imul(h, 0xa5cb9243);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One 32-bit number for three. */
export function hash(a: number, b: number, c: number): number {
  return mix(mix(mix(a ^ 0x9e3779b9) ^ b) ^ c);
}

/** A number in [0, 1) for three. */
export const unit = (a: number, b: number, c: number): number => hash(a, b, c) / 4294967296;

/**
 * The position of `index` in a shuffle of 0 … size−1 chosen by `key`, without computing the whole shuffle: a Feistel
 * network on the next power of four, repeated until the result is in range.
 */
export function permute(index: number, size: number, key: number): number {
  const bits = Math.max(1, Math.ceil((32 - Math.clz32(Math.max(1, size - 1))) / 2));
  const mask = (1 << bits) - 1;
  let value = index;
  do {
    let left = value >>> bits;
    let right = value & mask;
    for (let round = 0; round < 4; round++) {
      const next = left ^ (mix(right ^ Math.imul(round + 1, key)) & mask);
      left = right;
      right = next;
    }
    value = ((left << bits) | right) >>> 0;
  } while (value >= size);
  return value;
}

/** A stream of seeded numbers (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 32 bits. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    return this.word() / 4294967296;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** `count` random bytes; a multiple of 4. */
  bytes(count: number): Uint8Array {
    const words = new Uint32Array(count >>> 2);
    for (let i = 0; i < words.length; i++) words[i] = this.word();
    return new Uint8Array(words.buffer);
  }

  /** Log-normally distributed around the median. The sum of four draws is normal enough and equal on every machine. */
  logNormal(median: number, sigma: number): number {
    const normal = (this.next() + this.next() + this.next() + this.next() - 2) * Math.sqrt(3);
    return median * Math.exp(sigma * normal);
  }
}

/** A shuffled copy. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
