import { describe, expect, test } from 'vitest';
import { seeded } from '../support/random.ts';
import { play, shuffled, story } from '../support/storm/interleave.ts';

describe('a story in any order, with restarts and interrupted copies', () => {
  test.each([1, 2])('ends with the same store (%i)', async (seed) => {
    const arrivals = story(seed);
    const expected = await play(arrivals, 0);
    expect(JSON.stringify(expected.seen)).toContain('"revoked"');
    for (let order = 1; order <= 5; order++) {
      const random = seeded(seed * 1000 + order);
      const { seen, restarts, broken } = await play(shuffled(arrivals, random), order);
      expect(seen).toEqual(expected.seen);
      expect(restarts).toBeGreaterThan(0);
      expect(broken).toBeGreaterThan(0);
    }
  });
});
