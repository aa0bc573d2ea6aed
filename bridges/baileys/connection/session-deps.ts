import type { DeviceLock, KeyValueStore } from '../../bridge.ts';
import type { ConnectionDeps } from './connection.ts';

export interface SessionDeps extends ConnectionDeps {
  openKeys(): KeyValueStore;
  lock: DeviceLock;
  timing: Timing;
}

/** Everything here is in milliseconds. */
export interface Timing {
  /** Multiplies the delays of the reconnect table. */
  backoffFactor: number;
  /** How often a process that does not own the device looks whether its owner has ended. */
  lockWatch: number;
  /** A connection that held this long forgets earlier failures. */
  stable: number;
  /** Journal entries are kept this long after they are stored; they answer redeliveries. */
  journalKept: number;
}
