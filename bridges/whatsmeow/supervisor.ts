import { AppError } from '../../src/domain/errors.ts';
import type { Bridge, BridgeLog, BridgeStatus } from '../bridge.ts';
import { withinTime } from '../within-time.ts';
import { type BridgeEnd, BridgeNotStarted, type BridgeProcess, exitRunning } from './daemon-process.ts';

/** How long a call waits for a start; then it goes on without, soon enough that another bridge answers within 5 s. */
const waitMs = 3_000;
/** How long a program that somebody else started may take until it says where it is. */
const startupGraceMs = 5_000;
const pollMs = 50;
const firstDelayMs = 1_000;
const maxDelayMs = 60_000;
/** What ran so long was well: the next end counts as the first. */
const healthyAfterMs = 60_000;
/** After an end that a new start cannot better, somebody may have put right what was wrong. */
const fatalDelayMs = 30_000;

export interface SupervisorDeps {
  /** Starts the program, building it where need be. */
  start(signal: AbortSignal): Promise<BridgeProcess>;
  /** Whether one runs that somebody else started on the same data. */
  runsElsewhere(): boolean;
  log: BridgeLog;
}

/** Sees to it that a wa-bridge runs from the first call that needs one until `close`. */
export interface Supervisor {
  /** Starts one unless one runs, here or elsewhere; never rejects, and waits no longer than a start usually takes. */
  ensure(): Promise<void>;
  /** Why none runs although one should; null when nothing is wrong. */
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
  /** No start before this moment, by performance.now(). */
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

  /** Of two that start at once, one comes first; it says where it is in a moment. */
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

  /** By itself only where that can help; else when it is needed next, after a while. */
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

/** The bridge to a wa-bridge that is started when a call needs it, and ends with the server. */
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

/** What the keeper knows says more than that nobody answers. */
function withTrouble(status: BridgeStatus, trouble: string | null): BridgeStatus {
  const isAway = status.state === 'down' || status.state === 'not_configured';
  return isAway && trouble !== null ? { ...status, state: 'down', message: trouble } : status;
}
