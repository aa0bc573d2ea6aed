import { AppError } from '../../src/domain/errors.ts';
import type { Bridge, BridgeLog, BridgeStatus } from '../bridge.ts';
import { withinTime } from '../within-time.ts';
import { type BridgeEnd, BridgeNotStarted, type BridgeProcess, exitRunning } from './daemon-process.ts';

/** How long a call waits for a start, ms; short enough that another bridge can answer within 5 s. */
const waitMs = 3_000;
/** How long a daemon of another process may take to write its address, ms. */
const startupGraceMs = 5_000;
const pollMs = 50;
const firstDelayMs = 1_000;
const maxDelayMs = 60_000;
/** After running this long, ms, earlier failures no longer count. */
const healthyAfterMs = 60_000;
/** How long to wait after a fatal exit, ms: the user may have fixed the cause meanwhile. */
const fatalDelayMs = 30_000;

export interface SupervisorDeps {
  /** Starts the program, and builds it first if necessary. */
  start(signal: AbortSignal): Promise<BridgeProcess>;
  /** Whether another process runs one on the same data. */
  runsElsewhere(): boolean;
  log: BridgeLog;
}

/** Keeps a wa-bridge running from the first call that needs one until `close`. */
export interface Supervisor {
  /** Starts one unless one runs, here or elsewhere; never rejects, and waits no longer than a usual start. */
  ensure(): Promise<void>;
  /** Why none runs although one should; null when there is no error. */
  lastError(): string | null;
  close(): Promise<void>;
}

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  return new DaemonSupervisor(deps);
}

class DaemonSupervisor implements Supervisor {
  readonly #deps: SupervisorDeps;
  readonly #closing = new AbortController();
  #process: BridgeProcess | undefined;
  #starting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | null = null;
  /** Earliest time of the next start, by performance.now(). */
  #notBefore = 0;
  #failures = 0;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
  }

  async ensure(): Promise<void> {
    if (this.#closing.signal.aborted || this.#process) return;
    if (this.#starting === undefined && performance.now() < this.#notBefore) return;
    await withinTime(this.#startOnce(), waitMs);
  }

  lastError(): string | null {
    return this.#trouble;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#starting;
    await this.#process?.stop();
  }

  #startOnce(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#deps.runsElsewhere()) {
      this.#trouble = null;
      return;
    }
    this.#trouble ??=
      'wa-bridge is being started, and built before where that was never done; that takes a few minutes once.';
    try {
      const started = await this.#deps.start(this.#closing.signal);
      this.#watch(started);
    } catch (error) {
      if (!(error instanceof BridgeNotStarted && error.end.code === exitRunning && (await this.#appears())))
        this.#failed(error);
    }
  }

  /** When two processes start at once, one wins; waits until that one writes its address. */
  async #appears(): Promise<boolean> {
    const deadline = performance.now() + startupGraceMs;
    while (!this.#deps.runsElsewhere()) {
      if (performance.now() > deadline || this.#closing.signal.aborted) return false;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    this.#trouble = null;
    return true;
  }

  #watch(started: BridgeProcess): void {
    const begun = performance.now();
    this.#process = started;
    this.#trouble = null;
    this.#deps.log.info({ pid: started.pid }, 'wa-bridge was started');
    void started.ended.then((end) => {
      this.#process = undefined;
      if (this.#closing.signal.aborted) return;
      if (performance.now() - begun > healthyAfterMs) this.#failures = 0;
      this.#again(end);
    });
    if (this.#closing.signal.aborted) void started.stop();
  }

  #failed(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (error instanceof BridgeNotStarted) this.#again(error.end);
    else this.#rest(error instanceof AppError ? error.message : 'wa-bridge could not be started.', error);
  }

  /** Restarts at once only if that can help; otherwise at the next call after a delay. */
  #again({ isFatal, reason }: BridgeEnd): void {
    if (isFatal) {
      this.#rest(`wa-bridge does not run: ${reason}.`);
      return;
    }
    const delay = Math.min(firstDelayMs * 2 ** this.#failures, maxDelayMs);
    this.#failures += 1;
    this.#notBefore = performance.now() + delay;
    this.#trouble = `wa-bridge ended (${reason}) and is started again in a moment.`;
    this.#deps.log.warn({ reason, delay }, 'wa-bridge ended and is started again');
    this.#timer = setTimeout(() => void this.#startOnce(), delay).unref();
  }

  #rest(trouble: string, error?: unknown): void {
    this.#notBefore = performance.now() + fatalDelayMs;
    this.#trouble = trouble;
    this.#deps.log.warn({ trouble, ...(error !== undefined && { err: error }) }, 'wa-bridge does not run');
  }
}

/** The bridge to a wa-bridge that starts when a call needs it, and stops with the server. */
export function supervised(bridge: Bridge, keeper: Supervisor): Bridge {
  const status = (): BridgeStatus => withTrouble(bridge.status(), keeper.lastError());
  return {
    id: bridge.id,
    get handlers() {
      return bridge.handlers;
    },
    status,
    async probe() {
      await keeper.ensure();
      await bridge.probe?.();
    },
    async connect() {
      await keeper.ensure();
      await bridge.connect();
    },
    async waitFor(states, timeoutMs) {
      await bridge.waitFor(states, timeoutMs);
      return status();
    },
    async close() {
      await bridge.close();
      await keeper.close();
    },
  };
}

/** The supervisor's error is more precise than "not reachable". */
function withTrouble(status: BridgeStatus, trouble: string | null): BridgeStatus {
  const isAway = status.state === 'down' || status.state === 'not_configured';
  return isAway && trouble !== null ? { ...status, state: 'down', message: trouble } : status;
}
