import { uptime } from 'node:os';

/**
 * Milliseconds since this machine was started, including sleep: the same in every process and independent of the wall
 * clock. `read` gives seconds; counts from the start of this process where the system does not report them.
 */
export function uptimeMs(read: () => number = uptime): number {
  try {
    return read() * 1000;
  } catch {
    return performance.now();
  }
}
