import { endAll } from '../support/at-end.ts';
import { killStorm } from '../support/storm/kill-storm.ts';
import type { Verdict } from './run.ts';

/** 100 SIGKILLs during pairing, history, transfer and live traffic; the result equals an undisturbed run. */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  try {
    const storm = { seed, rounds: 10, setUpKills: 4, liveKills: 6, messages: 1500 };
    const { wrong, ...counts } = await killStorm(storm, (line) => console.log(line));
    return { passed: wrong.length === 0, counts: { ...counts, differences: wrong.length, wrong: wrong.slice(0, 20) } };
  } finally {
    await endAll();
  }
}
