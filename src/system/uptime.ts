import { uptime } from 'node:os';

/**
 * Milliseconds since this machine was started, including sleep: the same in every process and independent of the wall
 * clock. Counts from the start of this process where the system does not report it.
 */
export function uptimeMs(): number {
  try {
    return uptime() * 1000;
  } catch {
    return performance.now();
  }
}
