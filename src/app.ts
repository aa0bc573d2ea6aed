import type { BridgeId } from '../bridges/bridge.ts';
import type { Config } from './config.ts';
import { type Clock, clockIn } from './domain/time/moment.ts';
import { Zone } from './domain/time/zone.ts';
import { createLogger, type Logger } from './log.ts';
import type { PairingPage } from './page/page.ts';
import type { Sources } from './page/view.ts';
import { type BridgeHealth, createHealth, withRoutesOf } from './router/health.ts';
import { createQueryCache } from './router/query-cache.ts';
import { createRouter } from './router/router.ts';
import { createNameResolver, type NameResolver } from './server/name-resolver.ts';
import {
  type AnyContext,
  createRunTool,
  type Offered,
  type Runner,
  type RunOptions,
  type RunTool,
} from './server/run.ts';
import { createServices, type Services } from './services.ts';
import { createTurns } from './system/turns.ts';
import { catalog } from './tools/catalog.ts';
import type { AnyTool } from './tools/define.ts';
import { selectTools } from './tools/selection.ts';

export { failedOutcome, type RunOptions, type RunTool, type ToolError, type ToolOutcome } from './server/run.ts';

/** The running program, built from a Config. Both the MCP server and the command line call tools through `runTool`. */
export interface App {
  config: Config;
  /** Runs any tool, for a person who runs a command. Never throws: a failure is an outcome too. */
  runTool: RunTool;
  /** What clients are given. */
  offered: Offered;
  /** Gives whoever looks at the page of a pairing the last word, and stops serving it. */
  finishPage(): Promise<void>;
  /** Creates one more address that opens the page once, while it is served; calls `onUsed` when it was opened. */
  inviteToPage(onUsed: () => void): Promise<string | undefined>;
  /** For prompts and completions. */
  lookup: NameResolver;
  /** What time it is for the user. */
  clock: Clock;
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
  /** Milliseconds since 1970, for what the user calls now. */
  wallClock?: () => number;
}

/**
 * Builds the program. Nothing is opened, connected or started before the first tool call that needs it. Throws
 * `invalid_input` when the settings choose tools that do not exist.
 */
export function createApp(config: Config, overrides: AppOverrides = {}): App {
  const tools = overrides.tools ?? catalog;
  const offered = selectTools(tools, config.tools);
  const log = overrides.log ?? createLogger(config.logLevel);
  const services = overrides.services ?? createServices(config, log);
  const bridges = () => services.bridges;
  const health = createHealth(bridges, log);
  const cache = { store: () => services.lookups, log, ...(overrides.now && { now: overrides.now }) };
  const call = createQueryCache(createRouter(bridges, log), cache);

  const turns = createTurns();
  const clock = clockIn(new Zone(config.timeZone), overrides.wallClock);
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
    pairingPage: (bridge) => page.open(bridge),
    now: clock(),
    signal,
    turn: () => turns.next(signal),
    hasProgress: progress !== undefined,
    progress: progress ?? (() => {}),
    log: (fields, message) => log.info(fields, message),
  });

  const runTool = createRunTool({ catalog: tools, context, clock, log });
  const page = pageOf({ runTool, history: () => services.history }, log);

  return {
    config,
    runTool,
    offered: offeredOf(offered, { tools, readOnly: config.tools.readOnly, health, context, clock, log }),
    finishPage: page.finish,
    inviteToPage: page.invite,
    lookup: createNameResolver(() => services.store, log),
    clock,
    async close() {
      await page.close();
      await services.close();
    },
  };
}

interface Whole extends Pick<Runner, 'context' | 'clock' | 'log'> {
  tools: readonly AnyTool[];
  readOnly: boolean;
  health: BridgeHealth;
}

/** These tools of the whole, which show no more routes than they use. */
function offeredOf(offered: readonly AnyTool[], { tools, readOnly, health, context, clock, log }: Whole): Offered {
  const used = new Set(offered.flatMap(({ uses }) => uses));
  const bridges = offered.length === tools.length ? health : withRoutesOf(health, used);
  const runTool = createRunTool({
    catalog: offered,
    withheld: tools.filter((tool) => !offered.includes(tool)),
    readOnly,
    context: (options) => Object.assign(context(options), { bridges }),
    clock,
    log,
  });
  return { tools: offered, runTool };
}

/** The page of a pairing, loaded when one begins; a pairing goes on where it cannot be served. */
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
