import { absentBridge } from '../bridges/absent.ts';
import { type BaileysDeps, createBaileysBridge } from '../bridges/baileys/baileys.ts';
import type { Bridge } from '../bridges/bridge.ts';
import { startedBridge } from '../bridges/whatsmeow/auto-start.ts';
import { createWhatsmeowBridge } from '../bridges/whatsmeow/client.ts';
import { type Config, dataPaths } from './config.ts';
import type { AllowanceStore } from './domain/allowance.ts';
import type { Logger } from './log.ts';
import type { Bridges } from './router/routing.ts';
import { openAllowance } from './store/allowance.ts';
import { openAuth } from './store/auth.ts';
import { openReader } from './store/open-reader.ts';
import { openStoredLookup } from './store/read/stored-lookup.ts';
import type { Reader } from './store/reader.ts';
import { knownVersion } from './store/sqlite/database.ts';
import { createDeviceLock } from './store/sqlite/lock.ts';
import { stagedRaw } from './store/staging/raw.ts';
import { openStaging } from './store/staging/staging.ts';
import { StagingFile } from './store/staging/view.ts';
import { createHistoryReader } from './sync/history-reader.ts';
import { createIngest } from './sync/ingest.ts';
import { openedLater } from './sync/ingest-later.ts';
import { createLiveMover } from './sync/live-mover.ts';
import type { HistoryReader, Sync } from './sync/sync.ts';
import { createSync } from './sync/worker-client.ts';

/** The parts that tools use, each built when it is first read. */
export interface Services {
  readonly bridges: Bridges;
  readonly store: Reader;
  readonly history: HistoryReader;
  readonly sync: Sync;
  /** The allowance for look-ups of people; reading it throws where the file cannot be used. */
  readonly lookups: AllowanceStore;
  /** Closes the parts that were built, bridges first so that nothing arrives for a closed store. */
  close(): Promise<void>;
}

/** Timeouts of the linked device; tests shorten the waits that WhatsApp requires. */
export type DeviceTimeouts = Pick<
  BaileysDeps,
  'timing' | 'historyRetryMs' | 'downloadIdleMs' | 'queryMs' | 'settingsKeyWaitMs' | 'settingsRetryMs'
>;

/** The real services: files below the data directory, the worker thread, WhatsApp. */
export function createServices(config: Config, log: Logger, patience: DeviceTimeouts = {}): Services {
  const paths = dataPaths(config.dataDir);
  const quietMs = config.historyQuietMs;
  const store = new Lazy(() => openReader(paths));
  const stored = new Lazy(() => openStoredLookup(paths.messages));
  const staging = new Lazy(() => openStaging(paths.staging));
  const sync = new Lazy(() => createSync({ paths, quietMs, log: (fields, message) => log.warn(fields, message) }));
  const mover = new Lazy(() => liveMover(sync.value, log));
  const staged = new Lazy(() => new StagingFile(paths.staging));
  const history = new Lazy(() => createHistoryReader(() => staged.value.view(), { quietMs }));
  const baileys = new Lazy(() =>
    createBaileysBridge({
      ...patience,
      config,
      log,
      sink: openedLater(() => {
        const options = { quietMs, isStored: stored.value.has, storedAccount: stored.value.account };
        return createIngest(staging.value, { ...options, onLive: mover.value.notify });
      }),
      source: { rawMessage: (jid, id) => store.value.messages.raw(jid, id) ?? rawIn(staged.value, jid, id) },
      openKeys: () => openAuth(paths.auth),
      lock: createDeviceLock(paths.lock),
    }),
  );
  const whatsmeow = new Lazy(() => whatsmeowBridge(config, log));
  const lookups = new Lazy(() => openAllowance(paths.lookups));
  const bridges = new Lazy(() => chosenBridges(config, baileys, whatsmeow));
  return {
    get bridges() {
      return bridges.value;
    },
    get store() {
      return store.value;
    },
    get history() {
      return history.value;
    },
    get sync() {
      return sync.value;
    },
    get lookups() {
      return lookups.value;
    },
    close: () => closeAll([whatsmeow, baileys, mover, sync, store, stored, staged, staging, lookups], log),
  };
}

const liveMover = (sync: Sync, log: Logger) =>
  createLiveMover(sync, (error) => log.warn({ err: error }, 'new messages were not copied'));

function rawIn(staged: StagingFile, chatJid: string, id: string): Uint8Array | undefined {
  const view = staged.view();
  return view && stagedRaw(view, chatJid, id);
}

function whatsmeowBridge(config: Config, log: Logger): Bridge {
  const near = createWhatsmeowBridge({ config, log, knownSchema: knownVersion() });
  return config.startBridge ? startedBridge(near, config, log) : near;
}

/** Closes the parts in order; a failure does not keep the rest open. */
async function closeAll(parts: readonly Lazy<{ close(): unknown }>[], log: Logger): Promise<void> {
  for (const part of parts) {
    try {
      await part.made?.close();
    } catch (error) {
      log.error({ err: error }, 'a part did not close');
    }
  }
}

/** A bridge that the configuration excludes counts as never set up. */
function chosenBridges({ bridge: choice }: Config, baileys: Lazy<Bridge>, whatsmeow: Lazy<Bridge>): Bridges {
  const leftOut = `WHATSAPP_BRIDGE is ${choice}.`;
  return {
    baileys: choice === 'whatsmeow' ? absentBridge('baileys', leftOut) : baileys.value,
    whatsmeow: choice === 'baileys' ? absentBridge('whatsmeow', leftOut) : whatsmeow.value,
  };
}

/** A value built at first use. */
class Lazy<T> {
  /** The value, if it was built. */
  made: T | undefined;
  readonly #make: () => T;

  constructor(make: () => T) {
    this.#make = make;
  }

  get value(): T {
    this.made ??= this.#make();
    return this.made;
  }
}
