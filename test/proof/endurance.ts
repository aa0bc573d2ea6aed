import { endAll } from '../support/at-end.ts';
import { endure, growth } from '../support/endurance.ts';
import type { Verdict } from './run.ts';

const most = 1.15;

/** 50,000 live messages and 200 reconnects: nothing grows, nothing is lost, nothing leaks into the log. */
export async function proof(): Promise<Verdict> {
  try {
    const { samples, ...counts } = await endure({ messages: 50_000, reconnects: 200, samples: 40 }, (line) =>
      console.log(line),
    );
    const kinds = ['heapUsed', 'rss', 'timers', 'resources', 'listeners', 'stagingBytes'] as const;
    const plain = samples.map((sample) => ({ ...sample }));
    const grown = Object.fromEntries(kinds.map((kind) => [kind, Math.round(growth(plain, kind) * 1000) / 1000]));
    const flat = Object.values(grown).every((share) => share <= most);
    const whole = counts.rows === counts.expectedRows && counts.staged === 0 && counts.leaks.length === 0;
    return { passed: flat && whole, counts: { ...counts, grown, first: samples[0], last: samples.at(-1) } };
  } finally {
    await endAll();
  }
}
