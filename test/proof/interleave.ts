import { isDeepStrictEqual } from 'node:util';
import { seeded } from '../support/random.ts';
import { play, shuffled, story } from '../support/storm/interleave.ts';
import type { Proof } from './run.ts';

const stories = 25;
const ordersEach = 20;

/** 500 random orders of 25 stories through the real ingest and transfer; each story must end in one result. */
export const proof: Proof = async ({ seed }) => {
  const counts = { orders: 0, arrivals: 0, restarts: 0, copies: 0, broken_copies: 0 };
  const different: string[] = [];
  for (let n = 0; n < stories; n++) {
    const storySeed = seed * 1000 + n;
    const arrivals = story(storySeed);
    const expected = await play(arrivals, 0);
    for (let order = 1; order <= ordersEach; order++) {
      const course = await play(shuffled(arrivals, seeded(storySeed * 100 + order)), order);
      if (!isDeepStrictEqual(course.seen, expected.seen)) different.push(`story ${storySeed} order ${order}`);
      counts.orders++;
      counts.arrivals += arrivals.length;
      counts.restarts += course.restarts;
      counts.copies += course.copies;
      counts.broken_copies += course.broken;
    }
  }
  return { passed: different.length === 0, counts: { ...counts, different } };
};
