import '../../src/stdout.ts';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { endAll } from '../support/at-end.ts';
import { numbersOf, Witness } from '../support/e2e/discretion.ts';
import { clientEnv, startProgram, temporaryDir } from '../support/e2e/program.ts';
import { pick, seeded } from '../support/random.ts';
import type { Final } from '../support/rows/final-rows.ts';
import { faultCases } from '../support/storm/fault-cases.ts';
import type { FaultAnswer, FaultRequest, FaultTask } from '../support/storm/fault-shard.ts';
import { undisturbedSession } from '../support/storm/fault-storm.ts';
import { liveWord } from '../support/wire/live-script.ts';
import type { Verdict } from './run.ts';

const pairs = 200;
/** A session mostly waits, so several run at once. */
const atOnce = 4;
const processes = Math.min(4, availableParallelism());

/** Each fault alone, then random pairs: rows, states and request counts equal a run without faults. */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  try {
    return await play(tasksOf(seed));
  } finally {
    await endAll();
  }
}

/** The slow ones first, to shorten the run. */
function tasksOf(seed: number): FaultTask[] {
  const random = seeded(seed);
  const slow = (name: string) => faultCases[name]?.slow === true;
  const all = Object.keys(faultCases);
  const quick = all.filter((name) => !slow(name));
  const alone = [...all.filter(slow), ...quick].map((name) => [name]);
  const paired = Array.from({ length: pairs }, () => [pick(random, quick), pick(random, quick)]);
  return [...alone, ...paired].map((names, number) => ({ number, names, seed: seed * 1000 + number }));
}

async function play(tasks: FaultTask[]): Promise<Verdict> {
  const witness = new Witness();
  const expected = await undisturbedSession();
  const wrong: Record<string, string[]> = {};
  const steps: Record<string, number> = {};
  const waiting = [...tasks];
  const work = async (shard: Shard) => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const result = await shard.play(task);
      const name = `${task.number}: ${task.names.join(' + ')}`;
      for (const step of result.steps) steps[step] = (steps[step] ?? 0) + 1;
      if (result.wrong.length > 0) wrong[name] = result.wrong.slice(0, 5);
      process.stderr.write(`${name}: ${result.wrong.length === 0 ? 'well' : result.wrong[0]}\n`);
    }
  };
  const shards = Array.from({ length: processes }, () => new Shard(expected));
  await Promise.all(shards.flatMap((shard) => Array.from({ length: atOnce }, () => work(shard))));
  await Promise.all(shards.map((shard) => shard.end()));
  const said = witness.wrong({ keys: [], numbers: numbersOf(expected.world), texts: [liveWord] });
  const failed = Object.keys(wrong).length;
  const rows = expected.contents.messages.length;
  return {
    passed: failed === 0 && said.length === 0,
    counts: { alone: tasks.length - pairs, pairs, rows, failed, wrong, said, steps },
  };
}

/** A process that runs sessions. */
class Shard {
  private readonly waiting = new Map<number, (answer: FaultAnswer) => void>();
  private readonly program;
  private readonly died: Promise<never>;

  constructor(expected: Final) {
    const entry = join(import.meta.dirname, '..', 'support', 'fault-shard.ts');
    this.program = startProgram([], clientEnv(temporaryDir()), { node: ['--import', 'tsx'], entry });
    this.died = this.program.ended.then(({ code, signal }) => {
      throw new Error(`a process that plays sessions ended with ${code ?? signal}: ${this.program.stderr()}`);
    });
    this.died.catch(() => undefined);
    this.program.child.on('message', (answer: FaultAnswer) => {
      this.waiting.get(answer.number)?.(answer);
      this.waiting.delete(answer.number);
    });
    this.send({ expected });
  }

  play(task: FaultTask): Promise<FaultAnswer> {
    const answer = new Promise<FaultAnswer>((resolve) => this.waiting.set(task.number, resolve));
    this.send(task);
    return Promise.race([answer, this.died]);
  }

  async end(): Promise<void> {
    this.send('end');
    await this.program.ended;
  }

  private send(request: FaultRequest): void {
    this.program.child.send(request);
  }
}
