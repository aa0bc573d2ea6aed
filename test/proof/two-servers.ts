import { endAll } from '../support/at-end.ts';
import { ownerStorm } from '../support/storm/owner-storm.ts';
import type { Verdict } from './run.ts';

/** Three servers on one data directory; the owner of the connection is killed 20 times. */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  try {
    const options = { seed, kills: 20, servers: 3, messages: 1500 };
    const { wrong, ...counts } = await ownerStorm(options, (line) => console.log(line));
    const { takeOverMs, maxSessionsAtOnce, rows, expectedRows } = counts;
    const held = takeOverMs.max <= 5000 && maxSessionsAtOnce === 1 && rows === expectedRows;
    return { passed: held && wrong.length === 0, counts: { ...counts, wrong } };
  } finally {
    await endAll();
  }
}
