import { setTimeout as after } from 'node:timers/promises';
import { dataPaths } from '../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { unit } from '../../../src/simulator/world/random.ts';
import { type ServedClient, serve } from '../e2e/client.ts';
import { integrityOf } from '../e2e/database.ts';
import { secretsOf, Witness } from '../e2e/discretion.ts';
import { link, retrieve } from '../e2e/link.ts';
import { temporaryDir } from '../e2e/program.ts';

export interface OwnerStormOptions {
  seed: number;
  /** How many times the process with the connection is killed. */
  kills: number;
  servers: number;
  /** Rows of the history. */
  messages: number;
}

export interface OwnerStormResult {
  kills: number;
  /** From the death of an owner until another process is online, ms. */
  takeOverMs: { median: number; max: number };
  logins: number;
  maxSessionsAtOnce: number;
  rows: number;
  expectedRows: number;
  liveMessages: number;
  /** All faults; empty in a good run. */
  wrong: string[];
}

interface Seen {
  connected: boolean;
  owner: number | null;
}

const word = 'quillwort';
const livePerKill = 4;
const timeoutMs = 60_000;

/** Several servers on one data directory; the one with the connection is killed repeatedly. */
class OwnerStorm {
  readonly wrong: string[] = [];
  readonly takeOvers: number[] = [];
  readonly sent: string[] = [];
  private readonly simulator: Simulator;
  private readonly seed: number;
  private readonly env: Record<string, string>;
  private servers: ServedClient[] = [];

  constructor(simulator: Simulator, seed: number, dataDir: string) {
    this.simulator = simulator;
    this.seed = seed;
    this.env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  }

  /** The first server links the account, the others join. */
  async begin(count: number): Promise<void> {
    const first = await this.start();
    await link(first, this.simulator);
    while (this.servers.length < count) await this.start();
  }

  private async start(): Promise<ServedClient> {
    const server = await serve(['--simulator', this.simulator.url], this.env);
    this.servers.push(server);
    await server.call('backend_status');
    return server;
  }

  private async look(server: ServedClient): Promise<Seen> {
    const bridge = (await server.call('backend_status'))['baileys_bridge'] as Record<string, unknown>;
    const owner = bridge['owner'] as { pid: number | null } | null;
    return { connected: bridge['connected'] === true, owner: owner?.pid ?? null };
  }

  /** The server with the connection; every other one must name it. */
  private async owner(): Promise<ServedClient> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const seen = await Promise.all(this.servers.map((server) => this.look(server)));
      const owners = this.servers.filter((_, index) => seen[index]?.connected);
      const [owner] = owners;
      const pid = owner?.server.child.pid;
      if (owners.length > 1) this.wrong.push('two servers say that they are connected');
      if (owner && seen.every((one) => one.connected || one.owner === pid)) return owner;
      if (Date.now() > until) throw new Error(`nobody has the connection alone: ${JSON.stringify(seen)}`);
      await after(50);
    }
  }

  private async send(count: number): Promise<void> {
    const person = this.simulator.world.people.find(({ pn, lid }) => pn && lid);
    for (let n = 0; n < count; n++) {
      const text = `${word} number${this.sent.length}`;
      this.sent.push(await this.simulator.sendText(text, { from: person?.pn ?? '' }));
    }
  }

  /** Messages arrive before the death of the owner, during it, and while no process is connected. */
  async killOwner(): Promise<void> {
    const owner = await this.owner();
    await this.send(livePerKill / 2);
    await after(unit(this.seed, this.takeOvers.length, 0) * 300);
    const online = this.simulator.next('active');
    const from = performance.now();
    owner.server.child.kill('SIGKILL');
    this.servers = this.servers.filter((server) => server !== owner);
    await this.send(livePerKill / 2);
    const reading = Promise.all(this.servers.map(({ call }) => call('get_message_statistics')));
    const came = await Promise.race([online.then(() => true), after(timeoutMs, false)]);
    this.takeOvers.push(performance.now() - from);
    if (!came) this.wrong.push('nobody took over');
    await reading;
    await this.start();
  }

  /** Copies all of the history and returns the number of stored rows, which must be equal on every server. */
  async finish(): Promise<number> {
    const owner = await this.owner();
    await retrieve(owner);
    await owner.call('sync_history_to_database', {}, () => {});
    await this.simulator.idle();
    const totals = await Promise.all(this.servers.map((server) => this.allFound(server)));
    if (new Set(totals).size > 1) this.wrong.push(`the servers see different stores: ${totals.join(', ')}`);
    for (const server of this.servers) {
      const { code } = await server.end();
      if (code !== 0) this.wrong.push(`a server ended with ${code}`);
    }
    return totals[0] ?? 0;
  }

  private async found(server: ServedClient): Promise<string[]> {
    const ids: string[] = [];
    let page: Record<string, unknown> | undefined;
    do {
      const cursor = page ? { cursor: page['next_cursor'] } : {};
      page = await server.call('query_synced_messages', { content: word, limit: 100, ...cursor });
      ids.push(...(page['messages'] as { id: string }[]).map(({ id }) => id));
    } while (page['next_cursor']);
    return ids;
  }

  /** Waits until a server finds every live message once; resolves to its number of rows. */
  private async allFound(server: ServedClient): Promise<number> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = await this.found(server);
      const missing = this.sent.filter((id) => !found.includes(id));
      if (missing.length === 0 || Date.now() > until) {
        if (missing.length > 0) this.wrong.push(`${missing.length} live messages are lost`);
        if (found.length > new Set(found).size) this.wrong.push('a live message is there twice');
        return Number((await server.call('get_message_statistics'))['total_messages']);
      }
      await after(100);
    }
  }
}

export async function ownerStorm(
  options: OwnerStormOptions,
  log: (line: string) => void = () => {},
): Promise<OwnerStormResult> {
  const simulator = await startSimulator({ messages: options.messages, seed: options.seed, strict: true });
  const dataDir = temporaryDir();
  const witness = new Witness();
  const storm = new OwnerStorm(simulator, options.seed, dataDir);
  await storm.begin(options.servers);
  for (let kill = 1; kill <= options.kills; kill++) {
    await storm.killOwner();
    log(`kill ${kill}: taken over after ${Math.round(storm.takeOvers.at(-1) ?? 0)} ms`);
  }
  const rows = await storm.finish();
  storm.wrong.push(...witness.wrong(secretsOf(dataDir, simulator)));
  const { logins, maxConcurrentSessionsPerDevice } = simulator.counters();
  await simulator.stop();
  const integrity = integrityOf(dataPaths(dataDir).messages);
  if (integrity !== 'ok') storm.wrong.push(`integrity: ${integrity}`);
  const sorted = storm.takeOvers.map(Math.round).sort((a, b) => a - b);
  return {
    kills: options.kills,
    takeOverMs: { median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 },
    logins,
    maxSessionsAtOnce: maxConcurrentSessionsPerDevice,
    rows,
    expectedRows: options.messages + storm.sent.length,
    liveMessages: storm.sent.length,
    wrong: storm.wrong,
  };
}
