import type { Config } from '../../src/config.ts';
import type { BridgeLog, EventSink, KeyValueStore, MessageSource } from '../bridge.ts';
import { syncAppState } from './app-state.ts';
import { authenticationState, createKeyStore } from './auth-state.ts';
import { accountOf, isLinked, writeCredentials } from './credentials.ts';
import { handleRows } from './events.ts';
import { createHistoryQueue, type HistoryQueue } from './history.ts';
import { createJournal } from './journal.ts';
import type { AuthenticationCreds, Library, proto, Socket, SocketEvents } from './library.ts';
import { libraryLogger } from './logger.ts';
import { connectionOverrides, downloadOptions } from './overrides.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { createReplay } from './replay.ts';
import { sliceRows } from './translate/history.ts';
import { chatOf } from './translate/key.ts';

export interface ConnectionDeps {
  config: Config;
  sink: EventSink;
  source: MessageSource;
  log: BridgeLog;
  /** Milliseconds since 1970. */
  now(): number;
  /** Pauses between downloads of a history part, ms. */
  historyRetryMs?: readonly number[];
  /** A download that brings nothing for this long has failed, ms. */
  downloadIdleMs?: number;
}

export interface ConnectionHooks {
  onUpdate(update: NonNullable<SocketEvents['connection.update']>): void;
  /** Data could not be stored; the connection is ended before anything else is acknowledged. */
  onFailure(error: unknown): void;
}

export interface Connection {
  readonly creds: AuthenticationCreds;
  readonly socket: Socket;
  readonly history: HistoryQueue;
  /** Logged in and told to go on: reads the address book and chat settings when that was not done yet. */
  opened(): void;
  /** Hands over what the library still buffers; call before the socket is gone. */
  flush(): void;
  /** Ends the socket at once; events that come after it are not handled any more. */
  end(): Promise<void>;
}

/** How long the server gets to answer our goodbye before the socket is cut, ms. */
const closeMs = 200;

/**
 * The library asks about notifications it invented (nothing but a sync type) to find out whether to warn and whether to
 * hold back all events until history comes. Real ones are answered with no: history is our own work (history.ts). Of
 * the invented ones RECENT is the question whether to wait, and the answer is no too; the others keep it from warning.
 */
function shouldSyncHistoryMessage(library: Library) {
  const { RECENT } = library.proto.HistorySync.HistorySyncType;
  return (notification: proto.Message.IHistorySyncNotification): boolean => {
    const invented = Object.entries(notification).every(([field, value]) => field === 'syncType' || value == null);
    return invented && notification.syncType !== RECENT;
  };
}

interface Parts {
  library: Library;
  keys: KeyValueStore;
  creds: AuthenticationCreds;
  deps: ConnectionDeps;
  fail(error: unknown): void;
}

function socketOptions({ library, creds, deps }: Parts, keyStore: ReturnType<typeof createKeyStore>) {
  const { config, source, log } = deps;
  const journal = createJournal(library);
  const [, platform, version] = library.Browsers.macOS('Desktop');
  const options: Parameters<Library['makeWASocket']>[0] = {
    auth: authenticationState(creds, keyStore),
    logger: libraryLogger(log),
    browser: [config.deviceName, platform, version],
    syncFullHistory: true,
    shouldSyncHistoryMessage: shouldSyncHistoryMessage(library),
    markOnlineOnConnect: false, // else the phone stops notifying its user
    generateHighQualityLinkPreview: false,
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 }, // SQLite has waited already
    makeSignalRepository: journal.makeSignalRepository,
    getMessage: async (key) => {
      const chat = chatOf(key);
      const raw = chat && key.id ? source.rawMessage(chat, key.id) : undefined;
      return raw ? (library.proto.WebMessageInfo.decode(raw).message ?? undefined) : undefined;
    },
    ...connectionOverrides(library, config.simulator),
  };
  return { journal, options };
}

function createParts(parts: Parts, liveSocket: () => Socket | undefined) {
  const { library, keys, creds, deps, fail } = parts;
  const { sink, source, log } = deps;
  const keyStore = createKeyStore(library, keys, {
    onFailure: fail,
    onLidPairs(pairs) {
      for (let start = 0; start < pairs.length; start += sliceRows) {
        sink.ingest({ lane: 'live', lidPairs: pairs.slice(start, start + sliceRows) });
      }
    },
  });
  const { WebMessageInfo } = library.proto;
  const translate = {
    get me() {
      return accountOf(creds) ?? { pn: '', lid: null };
    },
    get now() {
      return deps.now();
    },
    encode: (info: proto.IWebMessageInfo) => WebMessageInfo.encode(info).finish(),
  };
  const { journal, options } = socketOptions(parts, keyStore);
  const request = downloadOptions(deps.config.simulator, deps.downloadIdleMs ?? 60_000);
  const retry = deps.historyRetryMs ? { retryMs: deps.historyRetryMs } : {};
  const history = createHistoryQueue({ library, sink, log, request, translate, socket: liveSocket, ...retry });
  const receiver = createReceiver({ library, sink, source, keys, keyStore, history, translate });
  const replay = createReplay(library, keys, creds, libraryLogger(log));
  return { journal, options, history, receiver, replay, translate };
}

function saveCredentials(parts: Parts, receiver: Receiver, update: Partial<AuthenticationCreds>): void {
  if (isLinked(parts.creds)) writeCredentials(parts.keys, parts.creds); // before that there is nothing worth keeping
  if (update.myAppStateKeyId) receiver.keysArrived();
}

function cut(socket: Socket): void {
  const client = socket.ws as unknown as { socket: { terminate(): void } | null };
  client.socket?.terminate();
}

/**
 * Feeds again what an earlier process had acknowledged and not stored, then opens one socket. `creds` is kept up to
 * date in place, as the library wants it.
 */
export async function openConnection(
  library: Library,
  keys: KeyValueStore,
  creds: AuthenticationCreds,
  deps: ConnectionDeps,
  hooks: ConnectionHooks,
): Promise<Connection> {
  let socket: Socket | undefined;
  let ended = false;
  const fail = (error: unknown) => {
    if (ended) return;
    ended = true;
    hooks.onFailure(error);
    void socket?.end(undefined);
    if (socket) cut(socket);
  };
  const parts: Parts = { library, keys, creds, deps, fail };
  const { journal, options, history, receiver, replay, translate } = createParts(parts, () => socket);
  let appState: Promise<void> | undefined;
  const readAppState = () => {
    if (!socket || ended || appState) return;
    appState = syncAppState(library, socket, creds, deps.log).finally(() => {
      appState = undefined;
    });
  };

  if (isLinked(creds)) {
    receiver.replay(await replay.pending());
    history.resume();
  }
  socket = library.makeWASocket(options);
  journal.watch(socket);
  const opened = socket;

  const handle = (events: SocketEvents): void => {
    if (ended) return;
    try {
      const update = events['creds.update'];
      if (update) saveCredentials(parts, receiver, update);
      handleRows(events, receiver, replay, { me: translate.me, now: translate.now, onFailure: fail });
      if (update?.myAppStateKeyId && opened.ws.isOpen) readAppState();
    } catch (error) {
      fail(error);
    }
    if (!ended && events['connection.update']) hooks.onUpdate(events['connection.update']);
  };
  opened.ev.process(handle);

  return {
    creds,
    socket: opened,
    history,
    opened: readAppState,
    flush: () => void opened.ev.flush(),
    async end() {
      if (!ended) opened.ev.flush();
      ended = true;
      history.stop();
      const limit = setTimeout(() => cut(opened), closeMs);
      await opened.end(undefined).finally(() => clearTimeout(limit));
    },
  };
}
