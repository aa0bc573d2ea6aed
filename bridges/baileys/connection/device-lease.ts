import type { BridgeStatus, DeviceLock } from '../../bridge.ts';

/** Of several processes on one data directory, one may connect; the others poll until it ends. */
export class DeviceLease {
  readonly #lock: DeviceLock;
  readonly #watchMs: number;
  readonly #onFree: () => void;
  #watch: NodeJS.Timeout | undefined;
  #owner: BridgeStatus['owner'];

  /** Calls `onFree` every `watchMs` while another process holds the device, so that the caller tries `take` again. */
  constructor(lock: DeviceLock, watchMs: number, onFree: () => void) {
    this.#lock = lock;
    this.#watchMs = watchMs;
    this.#onFree = onFree;
  }

  /** The process that holds the device, as of the last attempt. */
  get owner(): BridgeStatus['owner'] {
    return this.#owner;
  }

  /** Takes the device and returns null; otherwise returns the holder, for a person, and keeps polling. */
  acquire(): string | null {
    if (this.#lock.tryAcquire()) {
      this.stopPolling();
      return null;
    }
    const owner = this.#lock.owner();
    this.#owner = { pid: owner?.pid || null, since: owner?.started || null };
    this.#watch ??= setInterval(this.#onFree, this.#watchMs).unref();
    const who = `Process ${this.#owner.pid ?? 'unknown'} (since ${this.#owner.since ?? 'unknown'})`;
    return `${who} has the connection. What is stored can be read here; this process takes over when that one ends.`;
  }

  /** Stops polling: there is no device to take over. */
  stopPolling(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#owner = undefined;
  }

  release(): void {
    this.#lock.release();
  }

  /** Releases the device and stops polling. */
  end(): void {
    this.stopPolling();
    this.#lock.release();
  }
}
