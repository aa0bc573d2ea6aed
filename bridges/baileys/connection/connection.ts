import type { IncomingMessage } from 'node:http';
import type { Config } from '../../../src/config.ts';
import type { LidPair } from '../../../src/domain/chat.ts';
import { AppError } from '../../../src/domain/errors.ts';
import type { BridgeLog, EventSink, KeyValueStore, MessageSource } from '../../bridge.ts';
import { AppState } from '../app-state/app-state.ts';
import { UnsyncedCollections } from '../app-state/unsynced-collections.ts';
import { accountOf, isLinked, writeCredentials } from '../library/credentials.ts';
import { createKeyStore, type KeyStore } from '../library/key-store.ts';
import type { AuthenticationCreds, Library, Socket, SocketEvents } from '../library/library.ts';
import { libraryLogger } from '../library/logger.ts';
import { downloadOptions } from '../library/overrides.ts';
import { handleRows } from '../receive/events.ts';
import { createHistoryQueue, type HistoryQueue } from '../receive/history.ts';
import { createJournal } from '../receive/journal.ts';
import { createVoteReader } from '../receive/poll-votes.ts';
import { createReceiver, type Receiver } from '../receive/receiver.ts';
import { createReplay, type Replay } from '../receive/replay.ts';
import { createUndecryptableTracker, type UndecryptableTracker } from '../receive/undecryptable.ts';
import { sliceRows } from '../translate/history.ts';
import type { TranslateContext } from '../translate/message.ts';
import { requestCode, unlinkDevice, watchLinking } from './linking.ts';
import { UpgradeRefused } from './reconnect.ts';
import { socketOptions } from './socket-options.ts';

export interface ConnectionDeps {
  config: Config;
  sink: EventSink;
  source: MessageSource;
  log: BridgeLog;
  /** Milliseconds since 1970. */
  now(): number;
  /** Pauses between downloads of a history part, ms. */
  historyRetryMs?: readonly number[];
  /** A download without a byte for this long fails, ms. */
  downloadIdleMs?: number;
  /** How long to wait for the phone to share the keys of the chat settings before we request them, ms. */
  settingsKeyWaitMs?: number;
  /** Pauses before unreadable settings are retried, ms; the last one repeats. */
  settingsRetryMs?: readonly number[];
}

export interface ConnectionHooks {
  onUpdate(update: NonNullable<SocketEvents['connection.update']>): void;
  /** Called when a phone confirms this device, before its credentials are stored; throws to reject them. */
  onLinked(): void;
  /** Called when the store fails; the connection ends before it acknowledges anything else. */
  onFailure(error: unknown): void;
}

export interface Connection {
  readonly history: HistoryQueue;
  /** Called after login: reads the address book and chat settings if this device has not read them. */
  opened(): void;
  /** Requests a pairing code instead of QR texts; calls `onAnswered` when WhatsApp accepts it. */
  requestCode(phone: string, onAnswered: () => void): Promise<string>;
  /** The open socket; throws `bridge_unavailable` when it has ended. */
  connected(): Socket;
  /** Removes this device from the account; rejects with AppError. */
  unlink(): Promise<void>;
  /** Hands over the events that the library still buffers; call before the socket closes. */
  flush(): void;
  /** Closes the socket at once; later events are ignored. */
  end(): Promise<void>;
}

const settingsRetry = [60_000, 600_000, 3_600_000];

/** How long the server may take to answer our logout before the socket closes, ms. */
const closeMs = 200;

interface Setup {
  library: Library;
  keys: KeyValueStore;
  creds: AuthenticationCreds;
  deps: ConnectionDeps;
  hooks: ConnectionHooks;
}

/** The context of translation; the account becomes known during pairing. */
function translateContext({ library, creds, deps }: Setup): TranslateContext {
  const { WebMessageInfo } = library.proto;
  return {
    get me() {
      return accountOf(creds) ?? { pn: '', lid: null };
    },
    get now() {
      return deps.now();
    },
    encode: (info) => WebMessageInfo.encode(info).finish(),
  };
}

function ingestPairs(sink: EventSink, pairs: LidPair[]): void {
  for (let start = 0; start < pairs.length; start += sliceRows) {
    sink.ingest({ lane: 'live', lidPairs: pairs.slice(start, start + sliceRows) });
  }
}

/** Rejects on an HTTP answer to the upgrade request; the library would wait for the websocket for ever. */
function watchUpgrade(socket: Socket): void {
  socket.ws.on('unexpected-response', (_request: unknown, response: IncomingMessage) => {
    response.resume();
    void socket.end(new UpgradeRefused(response.statusCode ?? 0));
  });
}

function closeSocket(socket: Socket): void {
  const client = socket.ws as unknown as { socket: { terminate(): void } | null };
  client.socket?.terminate();
}

class LiveConnection implements Connection {
  readonly history: HistoryQueue;
  readonly #setup: Setup;
  readonly #translate: TranslateContext;
  readonly #keyStore: KeyStore;
  readonly #receiver: Receiver;
  readonly #replay: Replay;
  readonly #gaps: UndecryptableTracker;
  readonly #request: RequestInit;
  #socket: Socket | undefined;
  #browser: [string, string, string] = ['', '', ''];
  #ended = false;
  #isLinked: boolean;
  #appState: AppState | undefined;

  constructor(setup: Setup) {
    const { library, keys, creds, deps } = setup;
    const { sink, source, log } = deps;
    this.#setup = setup;
    this.#isLinked = isLinked(creds);
    this.#translate = translateContext(setup);
    const translate = this.#translate;
    this.#keyStore = createKeyStore(library, keys, {
      onFailure: (error) => this.#fail(error),
      onLidPairs: (pairs) => ingestPairs(sink, pairs),
    });
    const keyStore = this.#keyStore;
    this.#request = downloadOptions(deps.config.simulator, deps.downloadIdleMs ?? 60_000);
    const request = this.#request;
    const retry = deps.historyRetryMs ? { retryMs: deps.historyRetryMs } : {};
    const socket = () => this.#socket;
    const votes = createVoteReader({ library, sink, source, keyStore, translate });
    this.history = createHistoryQueue({
      ...{ library, sink, log, request, translate, votes, socket, ...retry },
      forget: keys.journalForget,
    });
    const onSharedKey = (myAppStateKeyId: string) => writeCredentials(keys, Object.assign(creds, { myAppStateKeyId }));
    this.#receiver = createReceiver({
      ...{ library, sink, keys, keyStore, translate, votes, onSharedKey },
      history: this.history,
    });
    this.#gaps = createUndecryptableTracker(library);
    this.#replay = createReplay(library, keys, creds, libraryLogger(log));
  }

  /** Replays the journal, then opens the socket. */
  async open(): Promise<void> {
    const { library, creds, deps } = this.#setup;
    const journal = createJournal(library);
    const options = socketOptions({ ...deps, library, creds, keyStore: this.#keyStore, journal });
    if (isLinked(creds)) {
      this.#receiver.replay(await this.#replay.pending());
      this.history.resume();
    }
    this.#browser = options.browser;
    const socket = library.makeWASocket(options);
    journal.watch(socket);
    watchUpgrade(socket);
    this.#socket = socket;
    this.#appState = this.#watchSettings(socket);
    socket.ev.process((events) => this.#handle(events));
    if (!isLinked(creds))
      watchLinking(
        socket,
        () => creds.pairingCode !== undefined,
        (error) => this.#fail(error),
      );
  }

  async requestCode(phone: string, onAnswered: () => void): Promise<string> {
    return requestCode(this.connected(), this.#browser, phone, onAnswered);
  }

  async unlink(): Promise<void> {
    await unlinkDevice(this.connected(), this.#setup.creds.me?.id ?? '');
  }

  connected(): Socket {
    if (this.#socket && !this.#ended) return this.#socket;
    throw new AppError('bridge_unavailable', 'The connection to WhatsApp has ended.');
  }

  #watchSettings(socket: Socket): AppState {
    const { library, creds, keys, deps } = this.#setup;
    const { log, settingsKeyWaitMs: keyWaitMs = 10_000, settingsRetryMs: retryMs = settingsRetry } = deps;
    return new AppState(socket, {
      ...{ library, creds, log, keyWaitMs, retryMs, request: this.#request, now: deps.now, keys: this.#keyStore },
      gaps: new UnsyncedCollections(keys),
      storeRows: (rows) => deps.sink.ingest({ lane: 'live', ...rows }),
      onFailure: (error) => this.#fail(error),
    });
  }

  opened(): void {
    if (!this.#ended) this.#appState?.opened();
  }

  flush(): void {
    this.#socket?.ev.flush();
  }

  async end(): Promise<void> {
    if (!this.#ended) this.flush();
    this.#ended = true;
    this.history.stop();
    this.#appState?.stop();
    const socket = this.#socket;
    if (!socket) return;
    const limit = setTimeout(() => closeSocket(socket), closeMs);
    await socket.end(undefined).finally(() => clearTimeout(limit));
  }

  /** Closes the socket before the library can acknowledge anything else. */
  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#appState?.stop();
    this.#setup.hooks.onFailure(error);
    void this.#socket?.end(undefined);
    if (this.#socket) closeSocket(this.#socket);
  }

  #handle(events: SocketEvents): void {
    if (this.#ended) return;
    const update = events['creds.update'];
    try {
      if (update) this.#save(update);
      const { me, now } = this.#translate;
      const onFailure = (error: unknown) => this.#fail(error);
      handleRows(events, this.#receiver, this.#replay, { me, now, gaps: this.#gaps, onFailure });
    } catch (error) {
      this.#fail(error);
    }
    if (!this.#ended && events['connection.update']) this.#setup.hooks.onUpdate(events['connection.update']);
  }

  #save(update: Partial<AuthenticationCreds>): void {
    const { keys, creds, hooks } = this.#setup;
    if (!isLinked(creds)) return; // there is nothing to keep yet
    if (!this.#isLinked) hooks.onLinked();
    this.#isLinked = true;
    writeCredentials(keys, creds);
    if (!update.myAppStateKeyId) return;
    this.#receiver.keysArrived();
    this.#appState?.keysArrived();
  }
}

/**
 * Replays messages that an earlier process acknowledged but did not store, then opens one socket. Updates `creds` in
 * place, as the library requires. Rejects when the store rejects the replay.
 */
export async function openConnection(setup: Setup): Promise<Connection> {
  const connection = new LiveConnection(setup);
  try {
    await connection.open();
  } catch (error) {
    await connection.end();
    throw error;
  }
  return connection;
}
