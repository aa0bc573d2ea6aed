import type { BridgeState } from '../../../src/domain/states.ts';

export interface ObservableState {
  readonly state: BridgeState;
  readonly message: string | null;
  set(state: BridgeState, message?: string | null): void;
  /** Says that something a waiter may look at has changed. */
  notify(): void;
  /** Resolves true when the condition holds, false after the timeout (ms) or the abort. */
  until(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
}

/** Conditions may depend on the store, which tells nobody when it changes; so they are looked at this often as well. */
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
