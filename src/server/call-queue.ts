import { AppError } from '../domain/errors.ts';
import { createTurns } from '../system/turns.ts';

/** Reads of the store share one thread, so more at once are no faster; some wait meanwhile, for the index or a bridge. */
const mostAtWork = 4;
/** Longer than a read takes. A call that is not done by then waits for a phone or a bridge, and the next one begins. */
const placeMs = 250;
/** The calls of a client that repeats itself without end are refused before they fill the memory. */
const mostWaiting = 10_000;

/** With more than this waiting, what still arrives is read first: it may cancel them. */
const crowd = 100;
const readingMs = 200;

export interface CallQueue {
  /**
   * Does the work when it is its turn, first come, first served. Rejects with `cancelled` when the signal aborts before it
   * has begun, and the work is then never begun; with `rate_limited` when too many calls wait.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Looks again whether calls may begin: what was in the way is gone. */
  resume(): void;
}

export interface QueueLimits {
  /** While this is true no call begins; call `resume` afterwards. */
  isHeld?: () => boolean;
  /** While this is true and many calls wait, one begins in 200 ms at most. */
  isReading?: () => boolean;
  atWork?: number;
  placeMs?: number;
  waiting?: number;
}

/** Begins a few calls at a time, each in a turn of the event loop of its own. */
export function createCallQueue(limits: QueueLimits = {}): CallQueue {
  const {
    isHeld = () => false,
    isReading = () => false,
    atWork: most = mostAtWork,
    waiting: mostKept = mostWaiting,
  } = limits;
  const turns = createTurns();
  const waiting = new Set<() => Promise<unknown>>();
  let atWork = 0;
  let beginning = false;
  let lastBegan = 0;

  const mayBegin = () => waiting.size > 0 && atWork < most && !isHeld();

  const mustRead = () => waiting.size > crowd && isReading() && performance.now() - lastBegan < readingMs;

  async function begin(): Promise<void> {
    if (beginning) return;
    beginning = true;
    while (mayBegin()) {
      await turns.next();
      if (mayBegin() && !mustRead()) beginFirst();
    }
    beginning = false;
  }

  function beginFirst(): void {
    const [call] = waiting;
    if (!call || !waiting.delete(call)) return;
    atWork++;
    lastBegan = performance.now();
    occupy(call, limits.placeMs ?? placeMs, () => {
      atWork--;
      void begin();
    });
  }

  return {
    run(work, signal) {
      const refusal = signal?.aborted ? cancelled() : waiting.size >= mostKept && tooMany(mostKept);
      if (refusal) return Promise.reject(refusal);
      return new Promise((resolve, reject) => {
        enqueue(waiting, () => work().then(resolve, reject), reject, signal);
        void begin();
      });
    },
    resume: () => void begin(),
  };
}

/** Does the work and calls `leave` once: when it is done, or when it has taken this long. */
function occupy(work: () => Promise<unknown>, ms: number, leave: () => void): void {
  let hasLeft = false;
  const leaveOnce = () => {
    if (!hasLeft) leave();
    hasLeft = true;
  };
  const timer = setTimeout(leaveOnce, ms).unref();
  void work().finally(() => {
    clearTimeout(timer);
    leaveOnce();
  });
}

/** Until the call begins, an abort takes it out again. */
function enqueue(
  waiting: Set<() => Promise<unknown>>,
  work: () => Promise<unknown>,
  reject: (error: AppError) => void,
  signal: AbortSignal | undefined,
): void {
  const cancel = () => {
    if (waiting.delete(call)) reject(cancelled());
  };
  const call = () => {
    signal?.removeEventListener('abort', cancel);
    return work();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  waiting.add(call);
}

const cancelled = () => new AppError('cancelled', 'The call was cancelled before it began.');

const tooMany = (count: number) =>
  new AppError('rate_limited', `${count} calls are waiting already. Wait for answers before asking for more.`);
