import type { BridgeState } from '../../../src/domain/states.ts';

export interface ObservableState {
  readonly state: BridgeState;
  readonly message: string | null;
  set(state: BridgeState, message?: string | null): void;
  /** Makes waiters check their conditions again. */
  notify(): void;
  /** Resolves true when the condition holds, false after the timeout (ms) or the abort. */
  until(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
}

/** Poll interval, ms: conditions may depend on the store, which sends no events. */
const pollMs = 100;

export function createObservableState(initial: BridgeState): ObservableState {
  const listeners = new Set<() => void>();
  let state = initial;
  let message: string | null = null;
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    get state() {
      return state;
    },
    get message() {
      return message;
    },
    notify,
    set(next, text = null) {
      state = next;
      message = text;
      notify();
    },
    until: (condition, timeoutMs, signal) =>
      new Promise((resolve) => {
        const end = (held: boolean) => {
          listeners.delete(look);
          clearInterval(poll);
          clearTimeout(limit);
          signal?.removeEventListener('abort', abort);
          resolve(held);
        };
        const look = () => condition() && end(true);
        const abort = () => end(false);
        const poll = setInterval(look, pollMs);
        const limit = setTimeout(() => end(condition()), timeoutMs);
        listeners.add(look);
        if (signal?.aborted) return abort();
        signal?.addEventListener('abort', abort);
        look();
      }),
  };
}
