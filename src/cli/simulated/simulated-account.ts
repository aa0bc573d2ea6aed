import { setTimeout as pause } from 'node:timers/promises';
import type { Bridge, BridgeId } from '../../../bridges/bridge.ts';
import { type App, createApp } from '../../app.ts';
import type { Config, SimulatorDocument } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { createLogger } from '../../log.ts';
import { createServices } from '../../services.ts';
import { expectSuccess } from '../tool-call.ts';
import { bridgesForSimulation } from './simulated-bridges.ts';
import { linkSimulated } from './simulated-pairing.ts';
import { fetchSimulatorDocument, scan } from './simulator-document.ts';
import { type SimulatorOptions, type SimulatorProcess, startSimulatorProcess } from './simulator-process.ts';

/** What a simulated account is like at the first tool call: linked with its history waiting, or with all of it copied. */
export type SimulatedState = 'fresh' | 'synced';

export interface AccountOptions extends SimulatorOptions {
  /** Told why a bridge is left out. */
  say: (line: string) => void;
}

/** What runs before anything is linked. */
interface Begun {
  app: App;
  document: SimulatorDocument;
  hasBaileys: boolean;
  /** wa-bridge, unless it is left out. */
  second: Bridge | undefined;
}

const joinTries = 3;
const joinPauseMs = 500;

/** Simulator, app and linked bridges of one simulated account; each begins when it is first asked for. */
export class SimulatedAccount {
  readonly #state: SimulatedState;
  readonly #base: Config;
  readonly #options: AccountOptions;
  readonly #end = new AbortController();
  #simulator: SimulatorProcess | undefined;
  #app: App | undefined;
  #begun: Promise<Begun> | undefined;
  #opened: Promise<Begun> | undefined;
  #joined: Promise<string | null> | undefined;

  constructor(state: SimulatedState, base: Config, options: AccountOptions) {
    this.#state = state;
    this.#base = base;
    this.#options = options;
  }

  /** Linked by each bridge that is there; one that is still being built joins later. Rejects with what went wrong. */
  async open(): Promise<Begun> {
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = undefined; // the next call tries again
      throw error;
    });
    const begun = await this.#opened;
    if (begun.second?.building) void this.join();
    return begun;
  }

  /** Links wa-bridge once it is built and started. Resolves to why there is none; to null when it is linked or left out. */
  async join(): Promise<string | null> {
    this.#joined ??= this.#join().then((fault) => {
      if (fault !== null) this.#joined = undefined; // a later build may succeed
      return fault;
    });
    return this.#joined;
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#app?.close();
    this.#simulator?.stop();
  }

  #begin(): Promise<Begun> {
    this.#begun ??= this.#start().catch((error) => {
      this.#begun = undefined;
      throw error;
    });
    return this.#begun;
  }

  async #start(): Promise<Begun> {
    const { say, ...options } = this.#options;
    const [ids, simulator] = await Promise.all([
      bridgesForSimulation(this.#base, say),
      (async () => (this.#simulator ??= await startSimulatorProcess(options)))(),
    ]);
    if (this.#end.signal.aborted) simulator.stop();
    const document = await fetchSimulatorDocument(simulator.url);
    const config = configFor({ ...this.#base, simulator: document }, ids);
    const log = createLogger(config.logLevel);
    const services = createServices(config, log);
    const app = createApp(config, { services, log });
    this.#app = app;
    const second = ids.includes('whatsmeow') ? services.bridges.whatsmeow : undefined;
    return { app, document, hasBaileys: ids.includes('baileys'), second };
  }

  async #open(): Promise<Begun> {
    const begun = await this.#begin();
    await Promise.all([begun.hasBaileys && link(begun, 'baileys'), begun.second && this.#joinNow(begun, begun.second)]);
    if (this.#state === 'synced') await copyHistory(begun.app);
    return begun;
  }

  /** Joins what was built before. Without Baileys nothing else can answer: rejects with what is in the way. */
  async #joinNow({ hasBaileys }: Begun, second: Bridge): Promise<void> {
    await second.probe?.();
    const joined = this.join();
    const fault = second.building ? (second.status().message ?? 'wa-bridge is being built.') : await joined;
    if (!hasBaileys && fault !== null) throw new AppError('bridge_unavailable', fault);
  }

  async #join(): Promise<string | null> {
    const begun = await this.#begin();
    const { second } = begun;
    if (second === undefined) return null;
    for (let tries = 1; ; tries += 1) {
      await built(second);
      const fault = await link(begun, 'whatsmeow').then(() => null, reasonOf);
      if (fault === null || tries === joinTries || this.#end.signal.aborted) {
        // What its program does not run for is in the log already.
        const { state, message } = second.status();
        if (fault !== null && state !== 'down' && !this.#end.signal.aborted)
          this.#options.say(`wa-bridge was not linked: ${fault}`);
        return fault === null ? null : ((state === 'down' ? message : null) ?? fault);
      }
      await pause(joinPauseMs, undefined, { signal: this.#end.signal }).catch(() => {});
    }
  }
}

/** Starts its program, and waits as long as that is being built. */
async function built(second: Bridge): Promise<void> {
  await second.probe?.();
  while (second.building) {
    await second.building;
    await second.probe?.();
  }
}

const link = ({ app, document }: Begun, id: BridgeId): Promise<void> =>
  linkSimulated(app, (qr) => scan(document, qr), id);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A wa-bridge of its own, whatever the user has running. */
function configFor(config: Config, ids: readonly BridgeId[]): Config {
  const only = ids.length === 1 && ids[0] !== undefined ? { bridge: ids[0] } : {};
  const startBridge = ids.includes('whatsmeow');
  return { ...config, ...only, startBridge, bridgeUrl: null, bridgeTokenFile: null };
}

async function copyHistory(app: App): Promise<void> {
  expectSuccess(await app.runTool('retrieve_full_history', { wait_for_completion: true, timeout: 60 }));
  expectSuccess(await app.runTool('sync_history_to_database', {}));
}
