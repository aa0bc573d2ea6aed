import type { DeviceLock } from '../bridge.ts';

/** Of several processes on one data directory, one may connect; the others look until it has ended. */
export class Ownership {
  readonly #lock: DeviceLock;
  readonly #watchMs: number;
  readonly #onFree: () => void;
  #watch: NodeJS.Timeout | undefined;

  /** `onFree` is called every `watchMs` while another process is the owner; it is expected to try again. */
  constructor(lock: DeviceLock, watchMs: number, onFree: () => void) {
    this.#lock = lock;
    this.#watchMs = watchMs;
    this.#onFree = onFree;
  }

  /** Null when the device is ours now, else who has it. Then it goes on looking. */
  take(): string | null {
    if (this.#lock.tryAcquire()) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      return null;
    }
    const owner = this.#lock.owner();
    this.#watch ??= setInterval(this.#onFree, this.#watchMs).unref();
    return `Process ${owner?.pid || 'unknown'} (since ${owner?.started || 'unknown'}) has the connection.`;
  }

  release(): void {
    this.#lock.release();
  }

  /** Gives the device back and stops looking. */
  end(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#lock.release();
  }
}
