import '../../src/stdout.ts';
import { endAll } from '../support/at-end.ts';
import { bridgeKillStorm } from '../support/storm/bridge-run.ts';
import { waBridgeBinary } from '../support/wire/wa-bridge.ts';
import type { Verdict } from './run.ts';

/**
 * Kills wa-bridge 50 times during 1,000 reads and a running copy, then the server 20 times; nothing is lost or torn.
 */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  if (waBridgeBinary === undefined) throw new Error('this proof needs Go');
  try {
    const traffic = { seed, messages: 50_000, partRows: 2000, livePerKill: 24, livePerSecond: 10 };
    const { wrong, ...counts } = await bridgeKillStorm(
      { ...traffic, bridgeKills: 50, serverKills: 20, watchdogKills: 3 },
      (line) => console.log(line),
    );
    const isWhole = wrong.length === 0 && counts.reads.reads >= 1000;
    return { passed: isWhole, counts: { ...counts, differences: wrong.length, wrong: wrong.slice(0, 20) } };
  } finally {
    await endAll();
  }
}
