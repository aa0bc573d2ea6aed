import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeId } from '../../../bridges/bridge.ts';
import type { App, RunOptions, RunTool, ToolOutcome } from '../../app.ts';
import { createApp, failedOutcome } from '../../app.ts';
import type { Config, SimulatorDocument, Sources } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { createLogger } from '../../log.ts';
import { catalog } from '../../tools/catalog.ts';
import { selectTools } from '../../tools/selection.ts';
import { loadConfig } from '../settings.ts';
import { createTemporaryDir } from '../temporary-dir.ts';
import { note } from '../terminal.ts';
import { expectSuccess, ToolFailure } from '../tool-call.ts';
import { bridgesForSimulation } from './simulated-bridges.ts';
import { fetchSimulatorDocument, scan } from './simulator-document.ts';
import { type SimulatorOptions, type SimulatorProcess, startSimulatorProcess } from './simulator-process.ts';

/**
 * The state of a simulated account at the first tool call: linked with its history pending, or with all of it copied.
 */
export type SimulatedState = 'fresh' | 'synced';

const pairingDeadlineMs = 20_000;

export interface SimulationOptions extends SimulatorOptions {
  /** Receives progress and the reason why a bridge is missing. Default: stderr. */
  say?: (line: string) => void;
}

export interface SimulatedApp extends Omit<App, 'finishPage' | 'inviteToPage'> {
  /** Opens the account before the first tool call would; rejects with the error. */
  open(): Promise<{ document: SimulatorDocument }>;
}

/**
 * An app on its own simulated account: the first tool call creates simulator, wa-bridge, temporary data directory and
 * pairing; `close` removes them, as does every end of this process that it can detect.
 */
export function simulatedApp(
  state: SimulatedState,
  flags: Sources,
  { say = note, ...options }: SimulationOptions = {},
): SimulatedApp {
  const temporaryDir = createTemporaryDir();
  const forget = (): void => rmSync(temporaryDir, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', forget);
  const account = simulatedAccount(state, flags, { say, ...options }, temporaryDir);
  const tools = selectTools(catalog, account.config.tools);
  const running =
    (toolOf: (app: App) => RunTool): RunTool =>
    async (...call) => {
      try {
        const { app } = await account.open();
        return await toolOf(app)(...call);
      } catch (error) {
        return notOpened(error, account.config);
      }
    };
  return {
    config: account.config,
    runTool: running((app) => app.runTool),
    offered: { tools, runTool: running((app) => app.offered.runTool) },
    open: () => opened(account),
    lookup: {
      complete: async (...asked) => (await opened(account)).app.lookup.complete(...asked),
      resolve: async (...asked) => (await opened(account)).app.lookup.resolve(...asked),
    },
    async close() {
      await account.close();
      forget();
      process.off('exit', forget);
    },
  };
}

async function opened(account: Account): Promise<Opened> {
  try {
    return await account.open();
  } catch (error) {
    if (error instanceof ToolFailure) throw new AppError(error.error.error_code, error.error.message, { cause: error });
    throw error;
  }
}

interface Opened {
  app: App;
  document: SimulatorDocument;
}

interface Account {
  config: Config;
  open(): Promise<Opened>;
  close(): Promise<void>;
}

function simulatedAccount(
  state: SimulatedState,
  flags: Sources,
  { say, ...options }: SimulatorOptions & { say: (line: string) => void },
  dir: string,
): Account {
  const base = loadConfig(flags, { temporaryDir: dir });
  let simulator: SimulatorProcess | undefined;
  let app: App | undefined;
  let opening: Promise<Opened> | undefined;
  let closed = false;

  async function open(): Promise<Opened> {
    const [ids, started] = await Promise.all([
      bridgesForSimulation(base, say),
      (async () => (simulator ??= await startSimulatorProcess(options)))(),
    ]);
    const document = await fetchSimulatorDocument(started.url);
    if (closed) throw new AppError('cancelled', 'The server is shutting down.');
    app ??= createApp(simulatedConfig({ ...base, simulator: document }, ids));
    const { runTool } = app;
    await Promise.all(ids.map((id) => linkSimulated({ runTool }, (qr) => scan(document, qr), id)));
    if (state === 'synced') await copyHistory(app);
    return { app, document };
  }

  return {
    config: base,
    open() {
      opening ??= open().catch((error) => {
        opening = undefined; // the next call retries
        throw error;
      });
      return opening;
    },
    async close() {
      closed = true;
      await app?.close();
      simulator?.stop();
    },
  };
}

function notOpened(error: unknown, { logLevel }: Config): ToolOutcome {
  if (error instanceof ToolFailure) return { ok: false, error: error.error };
  if (!(error instanceof AppError)) createLogger(logLevel).error({ err: error }, 'simulation failed');
  return failedOutcome(error);
}

/** A wa-bridge of its own, whatever the user has running. */
function simulatedConfig(config: Config, ids: readonly BridgeId[]): Config {
  const only = ids.length === 1 && ids[0] !== undefined ? { bridge: ids[0] } : {};
  const startBridge = ids.includes('whatsmeow');
  return { ...config, ...only, startBridge, bridgeUrl: null, bridgeTokenFile: null };
}

type ToolRunner = (name: string, args: unknown, options?: RunOptions) => Promise<ToolOutcome>;

/** Links the account with its own tools and a scan of their code; resolves when WhatsApp has accepted the device. */
export async function linkSimulated(
  app: { runTool: ToolRunner },
  scanCode: (qr: string) => Promise<void>,
  bridge: BridgeId = 'baileys',
): Promise<void> {
  let pairing = expectSuccess(await app.runTool('start_pairing', { bridge, method: 'qr' }));
  const deadline = Date.now() + pairingDeadlineMs;
  let scanned: unknown;
  while (pairing['state'] === 'pairing' || pairing['state'] === 'unlinked') {
    if (Date.now() > deadline) throw new AppError('timeout', 'The simulated phone did not link in time.');
    if (typeof pairing['qr'] === 'string' && pairing['qr'] !== scanned) {
      scanned = pairing['qr'];
      await scanCode(pairing['qr']);
    }
    await pause(50);
    pairing = expectSuccess(await app.runTool('get_pairing_status', { bridge }));
  }
}

async function copyHistory(app: { runTool: ToolRunner }): Promise<void> {
  expectSuccess(await app.runTool('retrieve_full_history', { wait_for_completion: true, timeout: 60 }));
  expectSuccess(await app.runTool('sync_history_to_database', {}));
}
