import { setTimeout as after } from 'node:timers/promises';
import { type App, createApp } from '../../../src/app.ts';
import { type Config, dataPaths } from '../../../src/config.ts';
import { createLogger } from '../../../src/log.ts';
import { createServices } from '../../../src/services.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { seedCredentials } from '../../bridges/baileys/rig/rig.ts';
import { contentsOf, integrityOf } from '../e2e/database.ts';
import { indiscretions, secretsOf } from '../e2e/discretion.ts';
import { temporaryDir } from '../e2e/program.ts';
import { testConfig } from '../fakes/config.ts';
import { comparable, type Final, foundBy, wrongIn } from '../rows/final-rows.ts';
import { liveMessage } from '../wire/live-script.ts';
import { type FaultCase, type FinalState, finalStates } from './fault-cases.ts';

const messages = 240;
const live = 16;
/** Shortened waits, in the same proportions as the real ones. */
const shortTimeouts = {
  timing: { backoffFactor: 0.01, lockWatch: 50 },
  historyRetryMs: [5, 10, 20],
  downloadIdleMs: 300,
  settingsKeyWaitMs: 300,
  settingsRetryMs: [100, 300],
};
/** More requests of a kind per minute and connection are a storm. */
const maxPerConnection = 8;
const maxConnections = 15;
const limitMs = 240_000;

export interface FaultResult {
  /** Differences from the run without faults, or other faults; empty in a good run. */
  wrong: string[];
  /** States in which the user had to act. */
  steps: string[];
}

interface Answer {
  state: string;
  next_step: string;
  [name: string]: unknown;
}

/** One account, one program, and a user who follows its next steps. */
class Run {
  readonly simulator: Simulator;
  readonly steps: string[] = [];
  readonly wrong: string[] = [];
  private readonly dataDir = temporaryDir();
  private readonly config: Config;
  private readonly deadline: number;
  private readonly logged: string[] = [];
  private app: App;

  constructor(simulator: Simulator, limit: number) {
    this.simulator = simulator;
    this.deadline = Date.now() + limit;
    this.config = { ...testConfig(this.dataDir), historyQuietMs: 250, simulator: simulator.document };
    seedCredentials(this.dataDir, simulator.credentials());
    this.app = this.start();
  }

  get late(): boolean {
    return Date.now() > this.deadline;
  }

  private start(): App {
    const log = createLogger('warn', { write: (line) => void this.logged.push(line) });
    return createApp(this.config, { log, services: createServices(this.config, log, shortTimeouts) });
  }

  async call(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const outcome = await this.app.runTool(name, args);
    return outcome.ok ? (outcome.value as Record<string, unknown>) : { ...outcome.error, failed: true };
  }

  /** Follows the next step of the state, if there is one. Returns whether the device is online. */
  async online(allowed: readonly FaultCase[]): Promise<boolean> {
    const status = await this.call('backend_status');
    const { state } = status['baileys_bridge'] as Answer;
    if (!(state in finalStates)) return state === 'ready' || state === 'syncing';
    this.steps.push(state);
    if (!allowed.some(({ ends }) => ends === state)) this.wrong.push(`ended ${state}, which nothing called for`);
    const step = String(status['next_step']);
    if (!finalStates[state as FinalState].test(step)) this.wrong.push(`ended ${state} with the next step: ${step}`);
    await this.app.close();
    if (state === 'logged_out') seedCredentials(this.dataDir, this.simulator.credentials());
    this.app = this.start();
    return false;
  }

  /** Retries until the whole history is there: wakes the phone, and makes it resend missing parts. */
  async history(faults: readonly FaultCase[]): Promise<void> {
    while (!this.late) {
      if (!(await this.online(faults))) continue;
      const answer = await this.call('retrieve_full_history', { timeout: 3 });
      const lacking = String(answer['message']).includes('never arrived');
      if (answer['status'] === 'completed' && !lacking) return;
      if (answer['failed'] && !answer['hint']) this.wrong.push('a failed history without a next step');
      this.steps.push(String(answer['error_code'] ?? answer['status']));
      this.simulator.fail.phone('awake');
      const { status } = (answer['details'] ?? {}) as { status?: string };
      if (lacking || status === 'failed' || status === 'stalled') await this.again();
    }
    this.wrong.push('the history was never complete');
  }

  /** The phone sends its history again, without waiting for an offline device. */
  private async again(): Promise<void> {
    await Promise.race([this.simulator.sendHistory(), after(2000)]);
  }

  /** An unlinked device loses undelivered messages, so such a fault comes when nothing is in transit. */
  async traffic(faults: readonly FaultCase[], chance: () => number): Promise<void> {
    const unlinks = faults.some(({ ends }) => ends === 'logged_out');
    for (let n = 0; n < live; n++) {
      if (n === 4) {
        if (unlinks) await this.settle(faults);
        for (const fault of faults) fault.during?.(this.simulator, chance());
        if (unlinks) await this.settle(faults);
      }
      await this.simulator.send(liveMessage(this.simulator.world, n));
    }
    await this.settle(faults);
  }

  /** Waits until one device is online and nothing is in transit to it. */
  private async settle(faults: readonly FaultCase[]): Promise<void> {
    while (!this.late) {
      const online = await this.online(faults);
      const linked = this.simulator.devices().filter(({ connected }) => connected);
      if (online && linked.length === 1 && linked.every(({ active, unconfirmed }) => active && unconfirmed === 0))
        return;
      await after(20);
    }
    this.wrong.push('it never came to rest');
  }

  async final(expected?: Final): Promise<Final> {
    const until = Date.now() + 4000;
    for (;;) {
      await this.call('sync_history_to_database');
      const final = await this.rows();
      if (Date.now() > until || (expected && wrongIn(final, expected).length === 0)) return final;
      if (!expected && Date.now() > until - 2500) return final;
      await after(50);
    }
  }

  private async rows(): Promise<Final> {
    return {
      contents: comparable(contentsOf(this.dataDir)),
      found: await foundBy((args) => this.call('query_synced_messages', args)),
    };
  }

  /** Requests and connections per minute, as the server sees them. */
  storms(): string[] {
    const { connect = 0, ...requests } = this.simulator.counters().peakPerMinute;
    const many = Object.entries(requests).filter(([, count]) => count > maxPerConnection * Math.max(1, connect));
    const said = many.map(([kind, count]) => `${count} requests ${kind} in a minute over ${connect} connections`);
    return connect > maxConnections ? [...said, `${connect} connections in a minute`] : said;
  }

  private async state(): Promise<string> {
    return ((await this.call('backend_status'))['baileys_bridge'] as Answer).state;
  }

  /** A permanent loss must be reported with a next step; without a loss nothing must be reported. */
  async gap(expected: boolean): Promise<void> {
    const until = Date.now() + 30_000;
    for (;;) {
      const status = await this.call('backend_status');
      const { missing_settings: missing } = status['baileys_bridge'] as { missing_settings: { reason: string }[] };
      const known = missing.some(({ reason }) => reason.includes('key')) && Boolean(status['next_step']);
      if (expected ? known : missing.length === 0) return;
      if (Date.now() > until) break;
      await after(50);
    }
    this.wrong.push(expected ? 'settings are missing, and nobody says so' : 'settings are said to be missing');
  }

  async close(): Promise<void> {
    while ((await this.state()) === 'syncing' && !this.late) await after(50);
    const state = await this.state();
    if (state !== 'ready') this.wrong.push(`ends ${state}`);
    await this.app.close();
    const integrity = integrityOf(dataPaths(this.dataDir).messages);
    if (integrity !== 'ok') this.wrong.push(`integrity: ${integrity}`);
    const said = { stdout: '', stderr: this.logged.join(''), killed: false };
    this.wrong.push(...indiscretions(said, secretsOf(this.dataDir, this.simulator)));
    await this.simulator.stop();
  }
}

async function run(faults: readonly FaultCase[], chance: () => number, expected?: Final) {
  const simulator = await startSimulator({ messages });
  const run = new Run(simulator, faults.some(({ slow }) => slow) ? 4 * limitMs : limitMs);
  for (const fault of faults) fault.before?.(simulator, chance());
  await run.history(faults);
  await run.traffic(faults, chance);
  const final = await run.final(expected);
  await run.gap(faults.some(({ unnamed }) => unnamed));
  await run.close();
  return { run, final };
}

/** The result of a session without faults, and its people. */
export async function undisturbedSession(): Promise<Final & { world: Pick<World, 'me' | 'people'> }> {
  const { run: calm, final } = await run([], () => 0);
  if (calm.wrong.length > 0) throw new Error(calm.wrong.join('; '));
  const { me, people } = calm.simulator.world;
  return { ...final, world: { me, people } };
}

/** The messages that a single fault must have shown to the user and did not. */
function unseen(faults: readonly FaultCase[], steps: readonly string[]): string[] {
  const [{ ends, heard } = {}, ...others] = faults;
  if (others.length > 0) return [];
  const unheard = heard && steps.length === 0 ? ['nobody heard that the history is not whole'] : [];
  return ends && !steps.includes(ends) ? [...unheard, `never was ${ends}`] : unheard;
}

/** A complete session, history and live traffic, with all of these faults. */
export async function faultySession(
  faults: readonly FaultCase[],
  chance: () => number,
  expected: Final,
): Promise<FaultResult> {
  const { run: disturbed, final } = await run(faults, chance, expected);
  const unnamed = faults.some((fault) => fault.unnamed);
  const rows = wrongIn(final, expected).filter((line) => !(unnamed && line.includes(' in contacts: ')));
  return {
    wrong: [...disturbed.wrong, ...unseen(faults, disturbed.steps), ...disturbed.storms(), ...rows],
    steps: disturbed.steps,
  };
}
