import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { App, RunOptions, ToolOutcome } from '../app.ts';
import { createApp, failedOutcome } from '../app.ts';
import type { Config, Sources } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { createLogger } from '../log.ts';
import { loadConfig } from './settings.ts';
import { fetchSimulatorDocument, scan } from './simulator-document.ts';
import { type SimulatorOptions, type SimulatorProcess, startSimulatorProcess } from './simulator-process.ts';
import { createTemporaryDir } from './temporary-dir.ts';
import { expectSuccess, ToolFailure } from './tool-call.ts';

/** What a simulated account is like at the first tool call: linked with its history waiting, or with all of it copied. */
export type SimulatedState = 'fresh' | 'synced';

const pairingDeadlineMs = 20_000;

/**
 * An app on a simulated account of its own: simulator, temporary data directory and pairing come with the first tool
 * call and are gone after `close`, or when this process ends in any other way that can be noticed.
 */
export function simulatedApp(
  state: SimulatedState,
  flags: Sources,
  options: SimulatorOptions = {},
): Omit<App, 'finishPage'> {
  const temporaryDir = createTemporaryDir();
  const forget = (): void => rmSync(temporaryDir, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', forget);
  const account = simulatedAccount(state, flags, options, temporaryDir);
  return {
    config: account.config,
    async runTool(name, args, runOptions) {
      try {
        const app = await account.open();
        return await app.runTool(name, args, runOptions);
      } catch (error) {
        if (error instanceof ToolFailure) return { ok: false, error: error.error };
        if (!(error instanceof AppError))
          createLogger(account.config.logLevel).error({ err: error }, 'simulation failed');
        return failedOutcome(error);
      }
    },
    lookup: {
      complete: async (...asked) => (await opened(account)).lookup.complete(...asked),
      resolve: async (...asked) => (await opened(account)).lookup.resolve(...asked),
    },
    async close() {
      await account.close();
      forget();
      process.off('exit', forget);
    },
  };
}

async function opened(account: Account): Promise<App> {
  try {
    return await account.open();
  } catch (error) {
    if (error instanceof ToolFailure) throw new AppError(error.error.error_code, error.error.message, { cause: error });
    throw error;
  }
}

interface Account {
  config: Config;
  open(): Promise<App>;
  close(): Promise<void>;
}

function simulatedAccount(state: SimulatedState, flags: Sources, options: SimulatorOptions, dir: string): Account {
  let simulator: SimulatorProcess | undefined;
  let app: App | undefined;
  let opening: Promise<App> | undefined;
  let closed = false;

  async function open(): Promise<App> {
    simulator ??= await startSimulatorProcess(options);
    const document = await fetchSimulatorDocument(simulator.url);
    if (closed) throw new AppError('cancelled', 'The server is shutting down.');
    app ??= createApp(loadConfig(flags, { temporaryDir: dir, simulator: document }));
    await linkSimulated(app, (qr) => scan(document, qr));
    if (state === 'synced') await copyHistory(app);
    return app;
  }

  return {
    config: loadConfig(flags, { temporaryDir: dir }),
    open() {
      opening ??= open().catch((error) => {
        opening = undefined; // the next call tries again
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

type ToolRunner = (name: string, args: unknown, options?: RunOptions) => Promise<ToolOutcome>;

/** Links the account by its own tools and a scan of the code they show; returns once WhatsApp accepted the device. */
export async function linkSimulated(
  app: { runTool: ToolRunner },
  scanCode: (qr: string) => Promise<void>,
): Promise<void> {
  let pairing = expectSuccess(await app.runTool('start_pairing', { bridge: 'baileys', method: 'qr' }));
  const deadline = Date.now() + pairingDeadlineMs;
  let scanned: unknown;
  while (pairing['state'] === 'pairing' || pairing['state'] === 'unlinked') {
    if (Date.now() > deadline) throw new AppError('timeout', 'The simulated phone did not link in time.');
    if (typeof pairing['qr'] === 'string' && pairing['qr'] !== scanned) {
      scanned = pairing['qr'];
      await scanCode(pairing['qr']);
    }
    await pause(50);
    pairing = expectSuccess(await app.runTool('get_pairing_status', { bridge: 'baileys' }));
  }
}

async function copyHistory(app: { runTool: ToolRunner }): Promise<void> {
  expectSuccess(await app.runTool('retrieve_full_history', { wait_for_completion: true, timeout: 60 }));
  expectSuccess(await app.runTool('sync_history_to_database', {}));
}
