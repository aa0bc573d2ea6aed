/** Turns of the event loop, given to one caller each. */
export interface Turns {
  /** Resolves in a turn that is the caller's alone, in the order of asking; rejects with the signal's reason. */
  next(signal?: AbortSignal): Promise<void>;
}

/**
 * Work that keeps the thread busy takes one turn each, so that input, signals and timers come between two of them. What
 * is resolved by one message of another thread, or by one promise, would otherwise run in a row.
 */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];

  function give(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(give);
  }

  return {
    async next(signal) {
      await new Promise<void>((resolve) => {
        if (waiting.push(resolve) === 1) setImmediate(give);
      });
      signal?.throwIfAborted();
    },
  };
}
