import type { DeviceLock, KeyValueStore } from '../../bridge.ts';
import type { ConnectionDeps } from './connection.ts';

export interface SessionDeps extends ConnectionDeps {
  openKeys(): KeyValueStore;
  lock: DeviceLock;
  timing: Timing;
}

/** All values in milliseconds. */
export interface Timing {
  /** Multiplies the delays of the reconnect table. */
  backoffFactor: number;
  /** How often a process without the device checks whether its holder has ended. */
  lockWatch: number;
  /** After a connection has held for this long, earlier failures no longer count. */
  stable: number;
  /** How long journal entries are kept after they are stored; they answer redeliveries. */
  journalKept: number;
}
