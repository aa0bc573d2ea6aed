import type { Config } from '../../src/config.ts';
import type { Bridge, BridgeLog, DeviceLock, EventSink, KeyValueStore, MessageSource } from '../bridge.ts';
import type { Handlers } from '../operations/catalog.ts';
import { Pairing } from './connection/pairing.ts';
import { Session } from './connection/session.ts';
import type { Timing } from './connection/session-deps.ts';
import { createContext } from './operations/context.ts';
import { allHandlers } from './operations/modules.ts';

export interface BaileysDeps {
  config: Config;
  sink: EventSink;
  source: MessageSource;
  /** Opens auth.db; called at the first use. */
  openKeys(): KeyValueStore;
  lock: DeviceLock;
  log: BridgeLog;
  /** Milliseconds since 1970. */
  now?: () => number;
  timing?: Partial<Timing>;
  /** Pauses between downloads of a history part, ms. */
  historyRetryMs?: readonly number[];
  /** A download without a byte for this long fails, ms. */
  downloadIdleMs?: number;
  /** Timeout of one request to WhatsApp, ms. */
  queryMs?: number;
  /** How long to wait for the phone to share the keys of the chat settings before we request them, ms. */
  settingsKeyWaitMs?: number;
  /** Pauses before unreadable settings are retried, ms; the last one repeats. */
  settingsRetryMs?: readonly number[];
}

/** A bridge whose handlers are code of ours, of which the compiler knows what they answer. */
export interface BaileysBridge extends Bridge {
  readonly handlers: Partial<Handlers>;
}

const defaults: Timing = { backoffFactor: 1, lockWatch: 500, stable: 60_000, journalKept: 3 * 24 * 3_600_000 };

/**
 * WhatsApp through Baileys, in this process. Opens no file, socket or library before the first use; stays closed after
 * `close`. Of several processes on one data directory, the one that holds the device's lock connects.
 */
export function createBaileysBridge(deps: BaileysDeps): BaileysBridge {
  const { now = Date.now, timing, ...rest } = deps;
  const session = new Session({ ...rest, now, timing: { ...defaults, ...timing } });
  const pairing = new Pairing(session, now);
  const context = createContext({ session, pairing, sink: deps.sink, now }, deps.queryMs);
  return {
    id: 'baileys',
    handlers: allHandlers(context),
    status: () => session.status(),
    connect: () => session.connect(),
    async waitFor(states, timeoutMs) {
      await session.box.until(() => states.includes(session.status().state), timeoutMs);
      return session.status();
    },
    close: () => session.close(),
  };
}
