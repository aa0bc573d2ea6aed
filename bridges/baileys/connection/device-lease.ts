import type { BridgeStatus, DeviceLock } from '../../bridge.ts';

/** Of several processes on one data directory, one may connect; the others look until it has ended. */
export class DeviceLease {
  readonly #lock: DeviceLock;
  readonly #watchMs: number;
  readonly #onFree: () => void;
  #watch: NodeJS.Timeout | undefined;
  #owner: BridgeStatus['owner'];

  /** `onFree` is called every `watchMs` while another process is the owner; it is expected to try again. */
  constructor(lock: DeviceLock, watchMs: number, onFree: () => void) {
    this.#lock = lock;
    this.#watchMs = watchMs;
    this.#onFree = onFree;
  }

  /** The process that this one waits for, as it was at the last look. */
  get owner(): BridgeStatus['owner'] {
    return this.#owner;
  }

  /** Null when the device is ours now, else who has it, for a person. Then it goes on looking. */
  take(): string | null {
    if (this.#lock.tryAcquire()) {
      this.rest();
      return null;
    }
    const owner = this.#lock.owner();
    this.#owner = { pid: owner?.pid || null, since: owner?.started || null };
    this.#watch ??= setInterval(this.#onFree, this.#watchMs).unref();
    const who = `Process ${this.#owner.pid ?? 'unknown'} (since ${this.#owner.since ?? 'unknown'})`;
    return `${who} has the connection. What is stored can be read here; this process takes over when that one ends.`;
  }

  /** Stops looking: there is nothing to take over. */
  rest(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#owner = undefined;
  }

  release(): void {
    this.#lock.release();
  }

  /** Gives the device back and stops looking. */
  end(): void {
    this.rest();
    this.#lock.release();
  }
}
