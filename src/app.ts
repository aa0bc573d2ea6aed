import type { BridgeId } from '../bridges/bridge.ts';
import type { Config } from './config.ts';
import { createLogger, type Logger } from './log.ts';
import type { PairingPage } from './page/page.ts';
import type { Sources } from './page/view.ts';
import { createHealth } from './router/health.ts';
import { createQueryCache } from './router/query-cache.ts';
import { createRouter } from './router/router.ts';
import { createNameResolver, type NameResolver } from './server/name-resolver.ts';
import { type AnyContext, createRunTool, type RunOptions, type ToolOutcome } from './server/run.ts';
import { createServices, type Services } from './services.ts';
import { createTurns } from './system/turns.ts';
import { catalog } from './tools/catalog.ts';
import type { AnyTool } from './tools/define.ts';

export { failedOutcome, type RunOptions, type ToolError, type ToolOutcome } from './server/run.ts';

/** The running program, built from a Config. Both the MCP server and the command line call tools through `runTool`. */
export interface App {
  config: Config;
  /** Never throws: a failure is also an outcome. */
  runTool(name: string, args: unknown, options?: RunOptions): Promise<ToolOutcome>;
  /** Shows the final state on the pairing page, and stops serving it. */
  finishPage(): Promise<void>;
  /** Creates one more address that opens the page once, while it is served; calls `onUsed` when it was opened. */
  inviteToPage(onUsed: () => void): Promise<string | undefined>;
  /** For prompts and completions. */
  lookup: NameResolver;
  close(): Promise<void>;
}

export interface AppOverrides {
  /** Replaces files, worker and WhatsApp as what the tools use. */
  services?: Services;
  log?: Logger;
  /** Replaces the catalog of tools. */
  tools?: readonly AnyTool[];
  /** Milliseconds of a monotonic clock, for look-ups. */
  now?: () => number;
}

/** Builds the program. Opens, connects and starts nothing before the first tool call that needs it. */
export function createApp(config: Config, overrides: AppOverrides = {}): App {
  const log = overrides.log ?? createLogger(config.logLevel);
  const services = overrides.services ?? createServices(config, log);
  const bridges = () => services.bridges;
  const health = createHealth(bridges, log);
  const { now } = overrides;
  const call = createQueryCache(createRouter(bridges, log), {
    store: () => services.lookups,
    log,
    ...(now && { now }),
  });

  const turns = createTurns();
  const context = ({ signal = new AbortController().signal, progress }: RunOptions): AnyContext => ({
    call: (name, input, options) => call(name, input, { ...options, signal }),
    bridges: health,
    get store() {
      return services.store;
    },
    get history() {
      return services.history;
    },
    get sync() {
      return services.sync;
    },
    config,
    pairingPage: (bridge) => page.open(bridge),
    signal,
    turn: () => turns.next(signal),
    hasProgress: progress !== undefined,
    progress: progress ?? (() => {}),
    log: (fields, message) => log.info(fields, message),
  });

  const runTool = createRunTool({ catalog: overrides.tools ?? catalog, context, log });
  const page = pageOf({ runTool, history: () => services.history }, log);

  return {
    config,
    runTool,
    finishPage: page.finish,
    inviteToPage: page.invite,
    lookup: createNameResolver(() => services.store, log),
    async close() {
      await page.close();
      await services.close();
    },
  };
}

/** The pairing page, loaded when a pairing begins; the pairing continues where the page cannot be served. */
function pageOf(sources: Sources, log: Logger) {
  let page: PairingPage | undefined;
  return {
    async open(bridge: BridgeId): Promise<string | undefined> {
      try {
        const { createPairingPage } = await import('./page/page.ts');
        page ??= createPairingPage(sources);
        return await page.open(bridge);
      } catch (error) {
        log.warn({ err: error }, 'the page for pairing cannot be served');
        return undefined;
      }
    },
    invite: async (onUsed: () => void) => page?.invite(onUsed),
    finish: async () => page?.finish(),
    close: async () => page?.close(),
  };
}
