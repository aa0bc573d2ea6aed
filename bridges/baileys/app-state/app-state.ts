import type { BridgeLog } from '../../bridge.ts';
import { additional } from '../library/credentials.ts';
import type { KeyStore } from '../library/key-store.ts';
import type { AuthenticationCreds, BinaryNode, Library, Mutation, proto, Socket } from '../library/library.ts';
import { libraryLogger } from '../library/logger.ts';
import { type SettingRows, settingBatches } from '../translate/setting.ts';
import { decodeNews, type KeyLookup, missingKeys } from './decode.ts';
import { requestKeys } from './key-request.ts';
import { askForNews, type Patches, readNews } from './query.ts';
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
  /** Stores what the library would not hand over whole; throws when the store does not take it. */
  take(rows: SettingRows): void;
  /** The store did not take a note. */
  onFailure(error: unknown): void;
  /** How long the phone gets to share a key by itself before it is asked, ms. */
  keyWaitMs: number;
  /** Pauses before what failed is tried again on the same connection, ms; the last one goes on. */
  retryMs: readonly number[];
}

/**
 * The address book, the chats' settings and the groups. Read by ourselves and not by the library, which keeps how far it
 * has read before it hands over what it read, lets a lost download end the process, and takes a key that is missing or a
 * patch that is damaged for the end of the matter. Here a collection counts as read when the store has it.
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
  #waited = false; // the phone had its time to share the keys by itself
  #failures = 0;
  #running: Promise<void> | undefined;
  #keyTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  /** Call directly after makeWASocket, before any await, so that no notification is missed. */
  constructor(socket: Socket, deps: AppStateDeps) {
    this.#deps = deps;
    this.#socket = socket;
    socket.ws.on('CB:notification,type:server_sync', (node: BinaryNode) => this.#onNews(node));
  }

  /** Logged in and told to go on: reads what this device has not read yet. */
  opened(): void {
    const { keys, gaps, creds } = this.#deps;
    this.#open = true;
    gaps.note(
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
    if (this.#running && this.#missing.size === 0) return; // it finds them; the library may say the same twice
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

  get #gone(): boolean {
    return this.#stopped || !this.#socket.ws.isOpen;
  }

  /** Remembered before the library acknowledges it; the library itself finds nothing more in it to read. */
  #onNews(node: BinaryNode): void {
    const { library, gaps, now, onFailure } = this.#deps;
    const named = library.getBinaryNodeChildren(node, 'collection').map(({ attrs }) => attrs['name']);
    delete node.content;
    const names = collectionNames.filter((name) => named.includes(name));
    try {
      gaps.note(names, now());
      if (this.#open) this.#read(names);
    } catch (error) {
      onFailure(error);
    }
  }

  #waitForKeys(): void {
    if (this.#stopped) return;
    this.#keyTimer ??= setTimeout(() => {
      this.#waited = true;
      this.#read(this.#deps.gaps.behind());
    }, this.#deps.keyWaitMs).unref();
  }

  #read(names: readonly Collection[]): void {
    for (const name of names) this.#wanted.add(name);
    if (this.#stopped || this.#running) return;
    this.#running = this.#drain()
      .catch(() => this.#retryLater()) // the store does not take it, or the line is gone
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
    if (!this.#stopped) await this.#ask();
    if (!this.#stopped) await this.#readGroups();
  }

  async #round(names: readonly Collection[]): Promise<void> {
    const { library, keys } = this.#deps;
    const version = (name: Collection) => (this.#fromScratch.has(name) ? 0 : (keys.readTo(name)?.version ?? 0));
    const from = new Map(names.map((name) => [name, version(name)]));
    const answers = await askForNews(library, this.#socket, from).catch(() => new Map<Collection, BinaryNode>());
    for (const name of names) {
      if (this.#gone) return;
      const node = answers.get(name);
      const news = node && (await readNews(library, node, this.#deps.request).catch(() => undefined));
      if (this.#gone) return;
      if (news) await this.#take(name, news);
      else this.#failed(name, node ? 'file' : 'refused');
    }
  }

  async #take(name: Collection, news: Patches): Promise<void> {
    const { library, keys, log } = this.#deps;
    const key: KeyLookup = (id) =>
      keys.get('app-state-sync-key', [id])[id] as proto.Message.IAppStateSyncKeyData | undefined;
    const missing = missingKeys(news, key);
    if (missing.length > 0) return this.#lacks(name, missing);
    const before = (this.#fromScratch.has(name) ? undefined : keys.readTo(name)) ?? library.newLTHashState();
    const { state, mutations, intact } = await decodeNews(library, name, news, before, key, libraryLogger(log));
    if (!this.#handOver(mutations)) return;
    if (!intact) return this.#damaged(name, before.version > 0);
    this.#fromScratch.delete(name);
    keys.setReadTo(name, state);
    if (news.more && state.version > before.version) this.#wanted.add(name);
    else this.#deps.gaps.heal(name);
  }

  /** Into the store, before it counts as read. Returns whether the store took it. */
  #handOver(mutations: readonly Mutation[]): boolean {
    const { creds, log, now, take } = this.#deps;
    const { ev } = this.#socket;
    const { batches, others } = settingBatches(mutations, now());
    for (const batch of batches) take(batch);
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

  /** Only what stands behind the damage is lost: read from the start, which may be whole. */
  #damaged(name: Collection, older: boolean): void {
    if (older) {
      this.#fromScratch.add(name);
      this.#wanted.add(name);
    } else this.#failed(name, 'damaged');
  }

  #lacks(name: Collection, ids: readonly string[]): void {
    for (const id of ids) this.#missing.add(id);
    if (this.#waited) this.#deps.gaps.explain(name, 'key', this.#deps.now());
    this.#waitForKeys();
  }

  /** Once per key and connection: WhatsApp keeps the request for a phone that is off. */
  async #ask(): Promise<void> {
    const { library, creds, log } = this.#deps;
    const ids = [...this.#missing].filter((id) => !this.#asked.has(id));
    if (!this.#waited || ids.length === 0) return;
    log.info({ keys: ids.length }, 'the phone is asked for keys of the chat settings');
    await requestKeys(library, this.#socket, creds, ids);
    for (const id of ids) this.#asked.add(id);
  }

  #failed(name: Collection, reason: Reason): void {
    const { gaps, log, now } = this.#deps;
    log.warn({ reason }, 'names or chat settings could not be read; it is tried again');
    gaps.explain(name, reason, now());
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

  /** Once per device; what it finds comes as an event. */
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
