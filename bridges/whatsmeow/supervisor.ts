import { AppError } from '../../src/domain/errors.ts';
import type { Bridge, BridgeLog, BridgeStatus } from '../bridge.ts';
import { withinTime } from '../within-time.ts';
import { BuildFailed } from './binary.ts';
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
/** A build that failed fails again until its sources or the machine change, and it takes all of the machine. */
const buildDelayMs = 10 * 60_000;

export interface SupervisorDeps {
  /** Starts the program; calls `onBuild` first where it has to be built, which takes minutes. */
  start(signal: AbortSignal, onBuild: () => void): Promise<BridgeProcess>;
  /** Whether another process runs one on the same data. */
  runsElsewhere(): boolean;
  log: BridgeLog;
}

/** Keeps a wa-bridge running from the first call that needs one until `close`. */
export interface Supervisor {
  /** Starts one unless one runs, here or elsewhere; never rejects, waits for a start for 3 s and for a build never. */
  ensure(): Promise<void>;
  /** While it is built: resolves when it was built and started, or neither. */
  building(): Promise<void> | undefined;
  /** Why none runs although one should; null when nothing is wrong. */
  lastError(): string | null;
  close(): Promise<void>;
}

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  return new DaemonSupervisor(deps);
}

/** One start. `freed` resolves when no call waits for it any longer, because it builds. */
interface Attempt {
  done: Promise<void>;
  freed: Promise<void>;
  /** By performance.now(). */
  buildingSince: number | undefined;
}

class DaemonSupervisor implements Supervisor {
  readonly #deps: SupervisorDeps;
  readonly #closing = new AbortController();
  #process: BridgeProcess | undefined;
  #attempt: Attempt | undefined;
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | null = null;
  /** The trouble that the log has. */
  #said: string | null = null;
  /** No start before this moment, by performance.now(). */
  #notBefore = 0;
  #failures = 0;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
  }

  async ensure(): Promise<void> {
    if (this.#closing.signal.aborted || this.#process) return;
    if (this.#attempt === undefined && performance.now() < this.#notBefore) return;
    const { done, freed } = this.#startOnce();
    await withinTime(Promise.race([done, freed]), waitMs);
  }

  building(): Promise<void> | undefined {
    return this.#attempt?.buildingSince === undefined ? undefined : this.#attempt.done;
  }

  lastError(): string | null {
    const since = this.#attempt?.buildingSince;
    return since === undefined ? this.#trouble : buildingFor(performance.now() - since);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#attempt?.done;
    await this.#process?.stop();
  }

  #startOnce(): Attempt {
    if (this.#attempt) return this.#attempt;
    let free: () => void = () => {};
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    const attempt: Attempt = { done: freed, freed, buildingSince: undefined };
    this.#attempt = attempt;
    attempt.done = this.#start(() => {
      attempt.buildingSince ??= performance.now();
      free();
    }).finally(() => {
      this.#attempt = undefined;
    });
    return attempt;
  }

  async #start(onBuild: () => void): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#deps.runsElsewhere()) {
      this.#trouble = null;
      return;
    }
    this.#trouble ??= 'wa-bridge is being started.';
    try {
      const started = await this.#deps.start(this.#closing.signal, onBuild);
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
    this.#said = null;
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
    else {
      const trouble = error instanceof AppError ? error.message : 'wa-bridge could not be started.';
      this.#rest(trouble, error, error instanceof BuildFailed ? buildDelayMs : fatalDelayMs);
    }
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

  /** Said once: the same trouble comes again with each start. */
  #rest(trouble: string, error?: unknown, delay = fatalDelayMs): void {
    this.#notBefore = performance.now() + delay;
    this.#trouble = trouble;
    if (this.#said === trouble) return;
    this.#said = trouble;
    this.#deps.log.warn({ trouble, ...(error !== undefined && { err: error }) }, 'wa-bridge does not run');
  }
}

const buildingFor = (ms: number): string =>
  `wa-bridge is being built with Go, since ${Math.round(ms / 1000)} s; that takes some minutes, once. No call waits for it, and it is used as soon as it is there.`;

/** The bridge to a wa-bridge that is started when a call needs it, and ends with the server. */
export function supervised(bridge: Bridge, keeper: Supervisor): Bridge {
  const status = (): BridgeStatus => withTrouble(bridge.status(), keeper);
  return {
    id: bridge.id,
    get handlers() {
      return bridge.handlers;
    },
    get building() {
      return keeper.building();
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
function withTrouble(status: BridgeStatus, keeper: Supervisor): BridgeStatus {
  const isAway = status.state === 'down' || status.state === 'not_configured';
  const trouble = keeper.lastError();
  if (!isAway || trouble === null) return status;
  return { ...status, state: 'down', message: trouble, ...(keeper.building() && { isBuilding: true }) };
}
