import { setTimeout as after } from 'node:timers/promises';
import { dataPaths } from '../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { atEnd } from '../at-end.ts';
import { type ServedClient, serve } from '../e2e/client.ts';
import { countRows } from '../e2e/database.ts';
import { link, retrieve } from '../e2e/link.ts';
import { temporaryDir } from '../e2e/program.ts';
import { linkBridge } from '../wire/both-bridges.ts';
import { liveMessage, liveRowIds } from '../wire/live-script.ts';
import { type StartedWaBridge, startWaBridge } from '../wire/wa-bridge.ts';
import { historyPart } from '../wire/world.ts';

/** The traffic around every kill, equal in each run of a storm and in the undisturbed one. */
export interface Traffic {
  seed: number;
  /** History rows that both devices receive when they are linked. */
  messages: number;
  /** Rows of one more part of the history, which arrives before every kill. */
  partRows: number;
  /** Live messages around every kill, and their rate per second. */
  livePerKill: number;
  livePerSecond: number;
}

/** Earlier than anything in the world of the simulator. */
const firstOfParts = Date.UTC(2001, 0, 1) / 1000;

/** One simulated account with both bridges linked to it, on one data directory. */
export class BridgeSession {
  readonly simulator: Simulator;
  readonly dataDir = temporaryDir();
  readonly traffic: Traffic;
  bridge!: StartedWaBridge;
  server!: ServedClient;
  /** How many parts of the history and live messages were sent so far. */
  parts = 0;
  live = 0;
  isCopying = false;
  /** How many copies have finished. */
  copies = 0;
  private copying: Promise<unknown> = Promise.resolve();
  private readonly failedCopies: string[] = [];

  private constructor(simulator: Simulator, traffic: Traffic) {
    this.simulator = simulator;
    this.traffic = traffic;
  }

  /** Links both; the history is staged and not copied yet. */
  static async open(traffic: Traffic): Promise<BridgeSession> {
    const { seed, messages } = traffic;
    const simulator = await startSimulator({ seed, messages, strict: true, fewKeys: true });
    const session = new BridgeSession(simulator, traffic);
    atEnd(() => simulator.stop());
    await session.startServer();
    await link(session.server, simulator);
    await retrieve(session.server);
    await session.startBridge();
    await linkBridge(session.bridge, simulator);
    return session;
  }

  /** The address of each linked device. */
  get devices(): Record<'baileys' | 'whatsmeow', string> {
    const [baileys = '', whatsmeow = ''] = this.simulator.devices().map(({ jid }) => jid);
    return { baileys, whatsmeow };
  }

  /** The real server program; with `startsBridge` it supervises a wa-bridge of its own. */
  async startServer({ startsBridge = false } = {}): Promise<ServedClient> {
    const env = {
      WHATSAPP_DATA_DIR: this.dataDir,
      WHATSAPP_HISTORY_QUIET_SECONDS: '0.3',
      WHATSAPP_BRIDGE_START: String(startsBridge),
      HOME: process.env['HOME'] ?? '', // where Go keeps its build cache
    };
    this.server = await serve(['--simulator', this.simulator.url], env);
    return this.server;
  }

  /** Resolves when it listens. */
  async startBridge(): Promise<StartedWaBridge> {
    this.bridge = await startWaBridge({ dataDir: this.dataDir, simulatorUrl: this.simulator.url });
    return this.bridge;
  }

  copy(): Promise<unknown> {
    return this.server.call('sync_history_to_database', {}, () => {});
  }

  /** Starts a copy of the staged rows in the background, unless one runs. */
  copyOn(): void {
    if (this.isCopying) return;
    this.isCopying = true;
    this.copying = this.copy()
      .then(() => {
        this.copies++;
      })
      .catch((error: Error) => void this.failedCopies.push(`a copy failed: ${error.message}`))
      .finally(() => {
        this.isCopying = false;
      });
  }

  /** Resolves to the faults of the copies once none is running. */
  async copied(): Promise<string[]> {
    await this.copying;
    return this.failedCopies;
  }

  /** One more part of the history, to both devices. */
  async sendPart(): Promise<void> {
    const id = this.simulator.world.people.find(({ pn, lid }) => pn && lid)?.pn ?? '';
    const first = this.parts++ * this.traffic.partRows;
    const messages = Array.from({ length: this.traffic.partRows }, (_, row) => ({
      message: {
        key: { remoteJid: id, fromMe: false, id: partId(first + row) },
        message: { conversation: `an old line, number ${first + row}` },
        messageTimestamp: firstOfParts + first + row,
      },
    }));
    await this.simulator.sendHistoryPart(historyPart([{ id, messages }]));
  }

  /** Sends the live messages of one kill, each when it is due. */
  async writeLive(perSecond = this.traffic.livePerSecond): Promise<void> {
    const begun = performance.now();
    for (let n = 0; n < this.traffic.livePerKill; n++) {
      const early = begun + (n * 1000) / perSecond - performance.now();
      if (early > 0) await after(early);
      await this.simulator.send(liveMessage(this.simulator.world, this.live++));
    }
  }

  /** Waits until both devices have confirmed everything and all rows are copied; gives up after the timeout. */
  async settle(timeoutMs: number, isSettled: () => boolean | Promise<boolean>): Promise<void> {
    const until = Date.now() + timeoutMs;
    await this.server.call('backend_status');
    do {
      await this.copy();
      if (this.simulator.devices().every(({ unconfirmed }) => unconfirmed === 0) && (await isSettled())) return;
      await after(100);
    } while (Date.now() < until);
  }

  /** The number of rows without losses and duplicates. */
  get expectedRows(): number {
    return this.traffic.messages + this.parts * this.traffic.partRows + liveRowIds(this.live).length;
  }

  get rows(): number {
    return countRows(dataPaths(this.dataDir).messages, 'messages');
  }

  /** The same traffic as around this many kills, without kills. */
  async undisturbed(kills: number): Promise<void> {
    for (let kill = 0; kill < kills; kill++) {
      await this.sendPart();
      await this.writeLive(Number.POSITIVE_INFINITY);
    }
    await this.settle(60_000, () => this.rows === this.expectedRows);
    await after(1500); // for edits and names, which add no rows
    await this.copy();
  }

  async close(): Promise<void> {
    await this.server.end();
    await this.bridge.stop();
    await this.simulator.stop();
  }
}

const partId = (n: number): string => `3EB0AAAA${String(n).padStart(8, '0')}`;
