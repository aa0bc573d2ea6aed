import { endAll } from '../support/at-end.ts';
import { endure, type Sample } from '../support/storm/endurance.ts';
import { growth, surplus } from '../support/storm/growth.ts';
import type { Verdict } from './run.ts';

/**
 * Ratio of the last quarter's mean to the second's. The journal holds a few seconds of traffic, whose speed depends on
 * the machine.
 */
const maxGrowth = { heapUsed: 1.15, rss: 1.15, stagingBytes: 1.15, authBytes: 1.5, journalRows: 1.5 };
/** A leak of one per reconnect makes 100. */
const maxSurplus = { timers: 10, resources: 10, listeners: 0, files: 5 };

const options = { messages: 50_000, reconnects: 200, samples: 40 };

/** 50,000 live messages and 200 reconnects: nothing grows, no message is lost, no content reaches the log. */
export async function proof(): Promise<Verdict> {
  try {
    const { samples, wrong, ...counts } = await endure(options, (line) => console.log(line));
    const grown = judged(samples, maxGrowth, growth);
    const more = judged(samples, maxSurplus, surplus);
    const cpu = (samples.at(-1)?.cpuMs ?? 0) - (samples[0]?.cpuMs ?? 0);
    const between = options.messages * (1 - 1 / options.samples);
    const whole = counts.rows === counts.expectedRows && counts.staged === 0 && wrong.length === 0;
    return {
      passed: whole && grown.well && more.well,
      counts: {
        ...options,
        ...counts,
        wrong,
        serverCpuMsPerMessage: Math.round((cpu / between) * 100) / 100,
        growth: grown.figures,
        surplus: more.figures,
        first: samples[0],
        last: samples.at(-1),
      },
    };
  } finally {
    await endAll();
  }
}

function judged<K extends keyof Sample>(
  samples: readonly Sample[],
  most: Record<K, number>,
  measure: (samples: readonly Sample[], of: K) => number,
): { figures: Partial<Record<K, number>>; well: boolean } {
  const kinds = Object.keys(most) as K[];
  const figures = Object.fromEntries(kinds.map((kind) => [kind, measure(samples, kind)])) as Record<K, number>;
  return { figures, well: kinds.every((kind) => figures[kind] <= most[kind]) };
}
