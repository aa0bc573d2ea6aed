/** Hands each turn of the event loop to one caller. */
export interface Turns {
  /** Resolves in a turn that only this caller has, in the order of the calls; rejects with the signal's reason. */
  next(signal?: AbortSignal): Promise<void>;
}

/**
 * Gives each piece of blocking work a turn of its own, so that input, signals and timers run in between. Callbacks of
 * one message from another thread, or of one promise, would otherwise run in a row.
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
