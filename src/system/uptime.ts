import { uptime } from 'node:os';

/**
 * Milliseconds since this machine was started, sleep included: the same in every process, whatever the clock on the wall
 * is set to. `read` gives seconds; where the system does not tell, counts from the start of this process.
 */
export function uptimeMs(read: () => number = uptime): number {
  try {
    return read() * 1000;
  } catch {
    return performance.now();
  }
}
