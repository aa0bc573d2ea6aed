import type { BridgeLog } from '../../bridge.ts';
import { additional } from '../library/credentials.ts';
import type { KeyStore } from '../library/key-store.ts';
import type { AuthenticationCreds, BinaryNode, Library, Mutation, proto, Socket } from '../library/library.ts';
import { libraryLogger } from '../library/logger.ts';
import { type SettingRows, settingBatches } from '../translate/setting.ts';
import { decodePatches, type KeyLookup, missingKeys } from './decode.ts';
import { requestKeys } from './key-request.ts';
import { type Patches, readPatches, requestPatches } from './query.ts';
import { type Collection, collectionNames, type Reason, type UnsyncedCollections } from './unsynced-collections.ts';

export interface AppStateDeps {
  library: Library;
  creds: AuthenticationCreds;
  keys: KeyStore;
  gaps: UnsyncedCollections;
  log: BridgeLog;
  /** Options of the HTTP download (a dispatcher when simulated). */
  request: RequestInit;
  /** Milliseconds since 1970. */
  now(): number;
  /** Stores the settings that the library only hands over in part; throws when the store rejects them. */
  storeRows(rows: SettingRows): void;
  /** Called when the store rejects the note that a collection is behind. */
  onFailure(error: unknown): void;
  /** How long to wait for the phone to share a key before we request it, ms. */
  keyWaitMs: number;
  /** Pauses before a failed read is retried on the same connection, ms; the last one repeats. */
  retryMs: readonly number[];
}

/**
 * Reads the address book, the chat settings and the groups. We do this instead of the library, which saves its progress
 * before it hands over the rows, lets a failed download end the process, and gives up at a missing key or a damaged
 * patch. Here a collection counts as read once the store has it.
 */
export class AppState {
  readonly #deps: AppStateDeps;
  readonly #socket: Socket;
  readonly #wanted = new Set<Collection>();
  readonly #fromScratch = new Set<Collection>();
  readonly #missing = new Set<string>();
  readonly #asked = new Set<string>();
  #open = false;
  #stopped = false;
  #isKeyWaitOver = false; // the time in which the phone may share keys unasked is over
  #failures = 0;
  #running: Promise<void> | undefined;
  #keyTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  /** Call directly after makeWASocket, before any await, so that no notification is missed. */
  constructor(socket: Socket, deps: AppStateDeps) {
    this.#deps = deps;
    this.#socket = socket;
    socket.ws.on('CB:notification,type:server_sync', (node: BinaryNode) => this.#onNotification(node));
  }

  /** Call after login: reads what this device has not read yet. */
  opened(): void {
    const { keys, gaps, creds } = this.#deps;
    this.#open = true;
    gaps.markBehind(
      collectionNames.filter((name) => !keys.readTo(name)),
      this.#deps.now(),
    );
    if (creds.myAppStateKeyId) this.#read(gaps.behind());
    else this.#waitForKeys();
  }

  /** The phone has shared keys. */
  keysArrived(): void {
    clearTimeout(this.#keyTimer);
    this.#keyTimer = undefined;
    if (this.#running && this.#missing.size === 0) return; // the running read finds them; the library may repeat the event
    this.#missing.clear();
    if (this.#open) this.#read(this.#deps.gaps.behind());
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#keyTimer);
    clearTimeout(this.#retryTimer);
  }

  /** Resolves when nothing is being read. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  get #isClosed(): boolean {
    return this.#stopped || !this.#socket.ws.isOpen;
  }

  /**
   * Records that a collection is behind before the library acknowledges the notification; the library then finds
   * nothing to read.
   */
  #onNotification(node: BinaryNode): void {
    const { library, gaps, now, onFailure } = this.#deps;
    const named = library.getBinaryNodeChildren(node, 'collection').map(({ attrs }) => attrs['name']);
    delete node.content;
    const names = collectionNames.filter((name) => named.includes(name));
    try {
      gaps.markBehind(names, now());
      if (this.#open) this.#read(names);
    } catch (error) {
      onFailure(error);
    }
  }

  #waitForKeys(): void {
    if (this.#stopped) return;
    this.#keyTimer ??= setTimeout(() => {
      this.#isKeyWaitOver = true;
      this.#read(this.#deps.gaps.behind());
    }, this.#deps.keyWaitMs).unref();
  }

  #read(names: readonly Collection[]): void {
    for (const name of names) this.#wanted.add(name);
    if (this.#stopped || this.#running) return;
    this.#running = this.#drain()
      .catch(() => this.#retryLater()) // the store rejected it, or the connection is closed
      .finally(() => {
        this.#running = undefined;
        if (this.#wanted.size > 0) this.#read([]);
      });
  }

  async #drain(): Promise<void> {
    while (this.#wanted.size > 0 && !this.#stopped) {
      const names = [...this.#wanted];
      this.#wanted.clear();
      await this.#round(names);
    }
    if (!this.#stopped) await this.#requestKeys();
    if (!this.#stopped) await this.#readGroups();
  }

  async #round(names: readonly Collection[]): Promise<void> {
    const { library, keys } = this.#deps;
    const version = (name: Collection) => (this.#fromScratch.has(name) ? 0 : (keys.readTo(name)?.version ?? 0));
    const from = new Map(names.map((name) => [name, version(name)]));
    const answers = await requestPatches(library, this.#socket, from).catch(() => new Map<Collection, BinaryNode>());
    for (const name of names) {
      if (this.#isClosed) return;
      const node = answers.get(name);
      const news = node && (await readPatches(library, node, this.#deps.request).catch(() => undefined));
      if (this.#isClosed) return;
      if (news) await this.#take(name, news);
      else this.#onReadFailed(name, node ? 'file' : 'refused');
    }
  }

  async #take(name: Collection, news: Patches): Promise<void> {
    const { library, keys, log } = this.#deps;
    const key: KeyLookup = (id) =>
      keys.get('app-state-sync-key', [id])[id] as proto.Message.IAppStateSyncKeyData | undefined;
    const missing = missingKeys(news, key);
    if (missing.length > 0) return this.#onMissingKeys(name, missing);
    const before = (this.#fromScratch.has(name) ? undefined : keys.readTo(name)) ?? library.newLTHashState();
    const { state, mutations, isIntact } = await decodePatches(library, name, news, before, key, libraryLogger(log));
    if (!this.#store(mutations)) return;
    if (!isIntact) return this.#onDamage(name, before.version > 0);
    this.#fromScratch.delete(name);
    keys.setReadTo(name, state);
    if (news.hasMore && state.version > before.version) this.#wanted.add(name);
    else this.#deps.gaps.markRead(name);
  }

  /** Stores the changes before they count as read. Returns false when the store rejects them. */
  #store(mutations: readonly Mutation[]): boolean {
    const { creds, log, now, storeRows } = this.#deps;
    const { ev } = this.#socket;
    const { batches, others } = settingBatches(mutations, now());
    for (const batch of batches) storeRows(batch);
    ev.buffer();
    for (const mutation of others) {
      try {
        this.#deps.library.processSyncAction(mutation, ev, creds.me as never, undefined, libraryLogger(log));
      } catch {
        log.warn({}, 'a chat setting in an unknown form was left out');
      }
    }
    ev.flush();
    return !this.#stopped;
  }

  /**
   * Only changes after the damage are lost: reads the collection again from the start, where a snapshot may be intact.
   */
  #onDamage(name: Collection, older: boolean): void {
    if (older) {
      this.#fromScratch.add(name);
      this.#wanted.add(name);
    } else this.#onReadFailed(name, 'damaged');
  }

  #onMissingKeys(name: Collection, ids: readonly string[]): void {
    for (const id of ids) this.#missing.add(id);
    if (this.#isKeyWaitOver) this.#deps.gaps.markFailed(name, 'key', this.#deps.now());
    this.#waitForKeys();
  }

  /** Requests each key once per connection: WhatsApp keeps the request for a phone that is offline. */
  async #requestKeys(): Promise<void> {
    const { library, creds, log } = this.#deps;
    const ids = [...this.#missing].filter((id) => !this.#asked.has(id));
    if (!this.#isKeyWaitOver || ids.length === 0) return;
    log.info({ keys: ids.length }, 'the phone is asked for keys of the chat settings');
    await requestKeys(library, this.#socket, creds, ids);
    for (const id of ids) this.#asked.add(id);
  }

  #onReadFailed(name: Collection, reason: Reason): void {
    const { gaps, log, now } = this.#deps;
    log.warn({ reason }, 'names or chat settings could not be read; it is tried again');
    gaps.markFailed(name, reason, now());
    this.#retryLater();
  }

  #retryLater(): void {
    const { retryMs, gaps } = this.#deps;
    if (this.#stopped || this.#retryTimer) return;
    this.#retryTimer = setTimeout(
      () => {
        this.#retryTimer = undefined;
        this.#read(gaps.behind());
      },
      retryMs[Math.min(this.#failures++, retryMs.length - 1)],
    ).unref();
  }

  /** Reads the groups once per device; the rows arrive as an event. */
  async #readGroups(): Promise<void> {
    const { creds } = this.#deps;
    if (additional(creds).groups) return;
    await this.#socket.groupFetchAllParticipating();
    this.#socket.ev.flush();
    if (this.#stopped) return;
    this.#socket.ev.emit('creds.update', {
      accountSyncCounter: (creds.accountSyncCounter || 0) + 1,
      additionalData: { ...additional(creds), groups: true },
    });
  }
}
