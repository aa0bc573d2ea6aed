import { AppError } from '../domain/errors.ts';
import { createTurns } from '../system/turns.ts';

/** Reads of the store share one thread, so more at once are no faster; some wait meanwhile, for the index or a bridge. */
const maxAtWork = 4;
/** Longer than a read takes. A call that is not done by then waits for a phone or a bridge, and the next one begins. */
const placeMs = 250;
const readingMs = 200;

export interface CallQueue {
  /**
   * Does the work when it is its turn, first come, first served. Rejects with `cancelled` when the signal aborts before it
   * has begun, and the work is then never begun.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Looks again whether calls may begin: what was in the way is gone. */
  resume(): void;
  /** How many calls have not begun. */
  size(): number;
}

export interface QueueLimits {
  /** While this is true no call begins; call `resume` afterwards. */
  isHeld?: () => boolean;
  /** While this is true one call begins in 200 ms at most: what is read meanwhile may cancel them. */
  isReading?: () => boolean;
  /** Told when fewer calls wait than before. */
  onRoom?: () => void;
  atWork?: number;
  placeMs?: number;
}

/** Begins a few calls at a time, each in a turn of the event loop of its own. */
export function createCallQueue(limits: QueueLimits = {}): CallQueue {
  const { isHeld = () => false, isReading = () => false, onRoom = () => {}, atWork: most = maxAtWork } = limits;
  const turns = createTurns();
  const waiting = new Set<() => Promise<unknown>>();
  let atWork = 0;
  let beginning = false;
  let lastBegan = 0;

  const mayBegin = () => waiting.size > 0 && atWork < most && !isHeld();

  const mustRead = () => isReading() && performance.now() - lastBegan < readingMs;

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
    onRoom();
    occupy(call, limits.placeMs ?? placeMs, () => {
      atWork--;
      void begin();
    });
  }

  return {
    run(work, signal) {
      if (signal?.aborted) return Promise.reject(cancelled());
      return new Promise((resolve, reject) => {
        const refuse = (error: AppError) => {
          onRoom();
          reject(error);
        };
        enqueue(waiting, () => work().then(resolve, reject), refuse, signal);
        void begin();
      });
    },
    resume: () => void begin(),
    size: () => waiting.size,
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
