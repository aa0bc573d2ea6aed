import '../../src/stdout.ts';
import { endAll } from '../support/at-end.ts';
import { type FaultCase, faultCases } from '../support/fault-cases.ts';
import { faultySession, undisturbedSession } from '../support/fault-storm.ts';
import { pick, seeded } from '../support/random.ts';
import type { Verdict } from './run.ts';

const pairs = 200;
const atOnce = 4;

type Named = [string, FaultCase];

/** Each fault alone, then pairs of them at random: rows, states and request counts are as without. */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  const random = seeded(seed);
  const all = Object.entries(faultCases);
  const quick = all.filter(([, { slow }]) => !slow);
  const alone = all.map((one) => [one]);
  const sessions: Named[][] = [
    ...alone,
    ...Array.from({ length: pairs }, () => [pick(random, quick), pick(random, quick)]),
  ];
  try {
    return await play(sessions, seed);
  } finally {
    await endAll();
  }
}

async function play(sessions: Named[][], seed: number): Promise<Verdict> {
  const expected = await undisturbedSession();
  const wrong: Record<string, string[]> = {};
  const steps: Record<string, number> = {};
  const waiting = [...sessions.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [number, session] = next;
      const name = session.map(([fault]) => fault).join(' + ');
      const faults = session.map(([, fault]) => fault);
      const result = await faultySession(faults, seeded(seed * 1000 + number), expected);
      for (const step of result.steps) steps[step] = (steps[step] ?? 0) + 1;
      if (result.wrong.length > 0) wrong[`${number}: ${name}`] = result.wrong.slice(0, 5);
      console.error(
        `${number + 1}/${sessions.length} ${name}: ${result.wrong.length === 0 ? 'well' : result.wrong[0]}`,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const failed = Object.keys(wrong).length;
  const rows = expected.contents.messages.length;
  return {
    passed: failed === 0,
    counts: { alone: sessions.length - pairs, pairs, rows, failed, wrong, steps },
  };
}
