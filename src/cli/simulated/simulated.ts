import { rmSync } from 'node:fs';
import type { App, RunTool, ToolOutcome } from '../../app.ts';
import { failedOutcome } from '../../app.ts';
import type { Config, SimulatorDocument, Sources } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { clockIn } from '../../domain/time/moment.ts';
import { Zone } from '../../domain/time/zone.ts';
import { createLogger } from '../../log.ts';
import { catalog } from '../../tools/catalog.ts';
import { selectTools } from '../../tools/selection.ts';
import { loadConfig } from '../settings.ts';
import { createTemporaryDir } from '../temporary-dir.ts';
import { note } from '../terminal.ts';
import { ToolFailure } from '../tool-call.ts';
import { SimulatedAccount, type SimulatedState } from './simulated-account.ts';
import type { SimulatorOptions } from './simulator-process.ts';

export type { SimulatedState } from './simulated-account.ts';

export interface SimulationOptions extends SimulatorOptions {
  /** Told why a bridge is left out. Defaults to stderr. */
  say?: (line: string) => void;
}

export interface SimulatedApp extends Omit<App, 'finishPage' | 'inviteToPage'> {
  /** Opens the account, as the first tool call does otherwise; rejects with what went wrong, and when the signal says so. */
  open(signal?: AbortSignal): Promise<{ document: SimulatorDocument }>;
  /** Links wa-bridge, which may be built first. Resolves to why there is none; to null when it is linked or left out. */
  join(signal?: AbortSignal): Promise<string | null>;
}

/**
 * An app on a simulated account of its own: simulator, wa-bridge, temporary data directory and pairing come with the
 * first tool call and are gone after `close`, or when this process ends in any other way that can be noticed. A wa-bridge
 * that has to be built is built beside the calls and joins when it is there.
 */
export function simulatedApp(
  state: SimulatedState,
  flags: Sources,
  { say = note, ...options }: SimulationOptions = {},
): SimulatedApp {
  const temporaryDir = createTemporaryDir();
  const forget = (): void => rmSync(temporaryDir, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', forget);
  const config = configIn(temporaryDir, flags, forget);
  const tools = selectedIn(config, forget);
  const account = new SimulatedAccount(state, config, { say, ...options });
  const opened = (signal?: AbortSignal) => unlessAborted(account.open(), signal);
  const running =
    (toolOf: (app: App) => RunTool): RunTool =>
    async (name, args, runOptions) => {
      try {
        const { app } = await opened(runOptions?.signal);
        return await toolOf(app)(name, args, runOptions);
      } catch (error) {
        return outcomeOf(error, () => createLogger(config.logLevel).error({ err: error }, 'simulation failed'));
      }
    };
  return {
    config,
    clock: clockIn(new Zone(config.timeZone)),
    runTool: running((app) => app.runTool),
    offered: { tools, runTool: running((app) => app.offered.runTool) },
    open: (signal) => opened(signal).catch(asAppError),
    join: (signal) => unlessAborted(account.join(), signal).catch(asAppError),
    lookup: {
      complete: async (...asked) => (await opened().catch(asAppError)).app.lookup.complete(...asked),
      resolve: async (...asked) => (await opened().catch(asAppError)).app.lookup.resolve(...asked),
    },
    async close() {
      await account.close();
      forget();
      process.off('exit', forget);
    },
  };
}

function configIn(temporaryDir: string, flags: Sources, forget: () => void): Config {
  try {
    return loadConfig(flags, { temporaryDir });
  } catch (error) {
    forget();
    throw error;
  }
}

function selectedIn(config: Config, forget: () => void): ReturnType<typeof selectTools> {
  try {
    return selectTools(catalog, config.tools);
  } catch (error) {
    forget();
    throw error;
  }
}

function outcomeOf(error: unknown, onDefect: () => void): ToolOutcome {
  if (error instanceof ToolFailure) return { ok: false, error: error.error };
  if (!(error instanceof AppError)) onDefect();
  return failedOutcome(error);
}

function asAppError(error: unknown): never {
  if (error instanceof ToolFailure) throw new AppError(error.error.error_code, error.error.message, { cause: error });
  throw error;
}

/** The work goes on for whoever else waits for it. */
function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AppError('cancelled', 'The call was cancelled.'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
