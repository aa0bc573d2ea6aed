import { uptime } from 'node:os';

/**
 * Milliseconds since this machine was started, sleep included: the same in every process, whatever the clock on the wall
 * is set to. Counts from the start of this process where the system does not tell.
 */
export function uptimeMs(): number {
  try {
    return uptime() * 1000;
  } catch {
    return performance.now();
  }
}
