import { setTimeout as after } from 'node:timers/promises';
import { dataPaths } from '../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { ServedClient } from '../e2e/client.ts';
import { contentsOf, integrityOf } from '../e2e/database.ts';
import { secretsOf, Witness } from '../e2e/discretion.ts';
import { killedAt, livePoints, type Point, serveOn, setUp, setUpPoints } from '../e2e/kill.ts';
import { temporaryDir } from '../e2e/program.ts';
import { pick, seeded } from '../random.ts';
import { comparable, type Final, foundBy, wrongIn } from '../rows/final-rows.ts';
import { liveMessage } from '../wire/live-script.ts';

export interface StormOptions {
  seed: number;
  /** Each round has a new account, which is killed this often before its history is copied, and this often after. */
  rounds: number;
  setUpKills: number;
  liveKills: number;
  /** Rows of the history. */
  messages: number;
}

export interface StormResult {
  kills: number;
  /** How often each named point was hit; otherwise the process finished before it. */
  hits: Record<string, number>;
  missed: number;
  rows: number;
  /** Differences from the undisturbed run; empty when all kills were recovered. */
  wrong: string[];
}

/** The number of live messages around each kill. */
const batch = 8;
const settleMs = 60_000;

async function sendLive(simulator: Simulator, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) await simulator.send(liveMessage(simulator.world, n));
}

async function finalOf(server: ServedClient, dataDir: string): Promise<Final> {
  const found = await foundBy((args) => server.call('query_synced_messages', args));
  return { contents: comparable(contentsOf(dataDir)), found };
}

/** The last start: all pending data arrives; repeats until the result is as expected or nothing changes. */
async function finish(simulator: Simulator, dataDir: string, expected?: Final): Promise<Final> {
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  await simulator.idle();
  const until = Date.now() + (expected ? settleMs : 1500);
  let final = await finalOf(server, dataDir);
  while (Date.now() < until && !(expected && wrongIn(final, expected).length === 0)) {
    await after(100);
    final = await finalOf(server, dataDir);
  }
  await server.end();
  return final;
}

async function undisturbed({ messages, liveKills }: StormOptions): Promise<Final> {
  const simulator = await startSimulator({ messages, strict: true });
  const dataDir = temporaryDir();
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  await sendLive(simulator, 0, liveKills * batch);
  await simulator.idle();
  await server.end();
  const final = await finish(simulator, dataDir);
  await simulator.stop();
  return final;
}

/** Kills the program repeatedly during the life of several accounts, and compares each with an undisturbed one. */
export async function killStorm(options: StormOptions, log: (line: string) => void = () => {}): Promise<StormResult> {
  const expected = await undisturbed(options);
  const result: StormResult = { kills: 0, hits: {}, missed: 0, rows: expected.contents.messages.length, wrong: [] };
  const storm = new Storm(options, result);
  for (let round = 0; round < options.rounds; round++) {
    const wrong = await storm.round(round, expected);
    result.wrong.push(...wrong.slice(0, 20).map((line) => `round ${round}: ${line}`));
    log(`round ${round + 1}: ${result.kills} kills, ${wrong.length} differences`);
  }
  return result;
}

class Storm {
  private readonly random: () => number;
  private readonly options: StormOptions;
  private readonly result: StormResult;

  constructor(options: StormOptions, result: StormResult) {
    this.random = seeded(options.seed);
    this.options = options;
    this.result = result;
  }

  async round(round: number, expected: Final): Promise<string[]> {
    const { messages, setUpKills, liveKills } = this.options;
    const simulator = await startSimulator({ messages, strict: true });
    const dataDir = temporaryDir();
    const witness = new Witness();
    for (let kill = 0; kill < setUpKills; kill++) {
      await this.kill(nth(setUpPoints, round * setUpKills + kill), { simulator, dataDir, live: 0 }, (server) =>
        setUp(server, simulator),
      );
    }
    const ready = await serveOn(simulator, dataDir);
    await setUp(ready, simulator);
    await ready.end();
    for (let kill = 0; kill < liveKills; kill++) {
      await this.liveKill(nth(livePoints, round * liveKills + kill), simulator, dataDir, kill * batch);
    }
    const final = await finish(simulator, dataDir, expected);
    await simulator.stop();
    const integrity = integrityOf(dataPaths(dataDir).messages);
    const said = witness.wrong(secretsOf(dataDir, simulator));
    return [...wrongIn(final, expected), ...said, ...(integrity === 'ok' ? [] : [`integrity: ${integrity}`])];
  }

  /**
   * Half of a batch arrives while the process lives, if it lives long enough; the rest arrives while no process runs.
   */
  private async liveKill(point: [string, Point], simulator: Simulator, dataDir: string, live: number): Promise<void> {
    const online = live + pick(this.random, [3, 4, 6, batch]);
    let next = live;
    await this.kill(point, { simulator, dataDir, live }, async (server, over) => {
      await server.call('backend_status');
      while (next < online && !over.aborted) await simulator.send(liveMessage(simulator.world, next++));
      await simulator.idle();
      await after(500); // for moments after the receipt
    });
    await sendLive(simulator, next, live + batch);
  }

  private async kill(
    [name, point]: [string, Point],
    scene: { simulator: Simulator; dataDir: string; live: number },
    work: Parameters<typeof killedAt>[2],
  ): Promise<void> {
    const { messages } = this.options;
    const hit = await killedAt(point, { ...scene, messages, chance: this.random() }, work);
    this.result.kills++;
    if (hit) this.result.hits[name] = (this.result.hits[name] ?? 0) + 1;
    else this.result.missed++;
  }
}

/** Goes through the points in turn. */
function nth(points: Record<string, Point>, n: number): [string, Point] {
  const entries = Object.entries(points);
  return entries[n % entries.length] as [string, Point];
}
