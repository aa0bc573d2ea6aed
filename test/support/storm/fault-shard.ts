// Runs sessions with faults for its parent process, several at once.
import '../../../src/stdout.ts';
import { endAll } from '../at-end.ts';
import { seeded } from '../random.ts';
import type { Final } from '../rows/final-rows.ts';
import { faultCases } from './fault-cases.ts';
import { type FaultResult, faultySession } from './fault-storm.ts';

export interface FaultTask {
  number: number;
  /** The faults of this session. */
  names: readonly string[];
  seed: number;
}

export type FaultAnswer = FaultResult & { number: number };
export type FaultRequest = { expected: Final } | FaultTask | 'end';

let expected: Final | undefined;

async function answer({ number, names, seed }: FaultTask): Promise<void> {
  if (!expected) throw new Error('what is expected must come first');
  const faults = names.flatMap((name) => faultCases[name] ?? []);
  const result = await faultySession(faults, seeded(seed), expected);
  process.send?.({ number, ...result } satisfies FaultAnswer);
}

process.on('message', (request: FaultRequest) => {
  if (request === 'end') void endAll().finally(() => process.exit(0));
  else if ('expected' in request) expected = request.expected;
  else void answer(request);
});
