import { endAll } from '../support/at-end.ts';
import { endure, growth } from '../support/endurance.ts';
import type { Verdict } from './run.ts';

const most = 1.15;
/** A handful of timers more or less says nothing; 100 reconnects that leak one each would. */
const slack = 5;

/** 50,000 live messages and 200 reconnects: nothing grows, nothing is lost, nothing leaks into the log. */
export async function proof(): Promise<Verdict> {
  try {
    const { samples, ...counts } = await endure({ messages: 50_000, reconnects: 200, samples: 40 }, (line) =>
      console.log(line),
    );
    const kinds = ['heapUsed', 'rss', 'timers', 'resources', 'listeners', 'stagingBytes'] as const;
    const plain = samples.map((sample) => ({ ...sample }));
    const grown = Object.fromEntries(kinds.map((kind) => [kind, Math.round(growth(plain, kind) * 1000) / 1000]));
    const few = (kind: (typeof kinds)[number]) =>
      (plain.at(-1)?.[kind] ?? 0) - (plain[Math.ceil(plain.length / 4)]?.[kind] ?? 0);
    const flat = kinds.every((kind) => (grown[kind] ?? 0) <= most || few(kind) <= slack);
    const whole = counts.rows === counts.expectedRows && counts.staged === 0 && counts.leaks.length === 0;
    return { passed: flat && whole, counts: { ...counts, grown, first: samples[0], last: samples.at(-1) } };
  } finally {
    await endAll();
  }
}
