import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { type SyncType, syncTypes } from '../../../src/domain/history.ts';
import type { BridgeLog, EventSink, IngestBatch } from '../../bridge.ts';
import { DownloadError } from '../library/encrypted-file.ts';
import type { Library, proto, Socket } from '../library/library.ts';
import { type HistoryData, historyBatches } from '../translate/history.ts';
import type { TranslateContext } from '../translate/message.ts';
import { readHistory } from './history-blob.ts';
import type { VoteReader } from './poll-votes.ts';
import { storeTcTokens } from './trusted-contact-tokens.ts';

type Notification = proto.Message.IHistorySyncNotification;

export interface HistoryDeps {
  library: Library;
  sink: EventSink;
  log: BridgeLog;
  /** Options of the HTTP download (a dispatcher when simulated). */
  request: RequestInit;
  translate: TranslateContext;
  votes: VoteReader;
  /** The live socket, when there is one: it receives LID pairs and tokens. */
  socket(): Socket | undefined;
  /** Removes the text of messages that were taken back from the journal. */
  forget(messageIds: readonly string[]): void;
  /** Pauses between retries of a download, ms; after the last one it waits for the next connect. */
  retryMs?: readonly number[];
}

export interface HistoryQueue {
  /** Records a notification and starts its download. Throws when it cannot be recorded. */
  announce(id: string, notification: Notification): void;
  /** Downloads all announced chunks that are not stored, including failed ones. */
  resume(): void;
  /** Stops at the next slice; chunks that are not stored stay announced. */
  stop(): void;
  /** Resolves when no download and no write is running. */
  idle(): Promise<void>;
}

/** Some notifications only announce that there is no history. */
const hasContent = (notification: Notification): boolean =>
  Boolean(notification.initialHistBootstrapInlinePayload?.length || notification.directPath);

/** A fixed reason for a person and the store: never a path or text from the notification. */
const reasonOf = (error: unknown): string =>
  error instanceof DownloadError
    ? error.message
    : `download failed (${error instanceof Error ? error.name : 'unknown'})`;

/** Ids of the messages that these rows take back. */
export const takenBackIn = ({ messages = [], changes = [] }: Pick<IngestBatch, 'messages' | 'changes'>): string[] => [
  ...messages.filter(({ type }) => type === 'revoked').map(({ id }) => id),
  ...changes.filter(({ kind }) => kind === 'revoke').map(({ messageId }) => messageId),
];

class Queue implements HistoryQueue {
  readonly #deps: HistoryDeps;
  readonly #retryMs: readonly number[];
  readonly #queued = new Map<string, Uint8Array>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
    this.#retryMs = deps.retryMs ?? [1_000, 3_000, 10_000];
  }

  announce(id: string, notification: Notification): void {
    if (!hasContent(notification)) return;
    const { library, sink } = this.#deps;
    const bytes = library.proto.Message.HistorySyncNotification.encode(notification).finish();
    const syncType: SyncType = syncTypes[(notification.syncType ?? 0) as keyof typeof syncTypes] ?? 'non_blocking_data';
    const { progress = null, chunkOrder = null } = notification;
    sink.announceChunk({ id, syncType, progress, chunkOrder }, bytes);
    this.#queued.set(id, bytes);
    this.#start();
  }

  resume(): void {
    for (const { id, notification } of this.#deps.sink.pendingChunks()) {
      if (!this.#queued.has(id)) this.#queued.set(id, notification);
    }
    this.#start();
  }

  stop(): void {
    this.#stopping.abort();
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #start(): void {
    if (this.#running || this.#isStopped || this.#queued.size === 0) return;
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      this.#start(); // announced since the last check
    });
  }

  async #drain(): Promise<void> {
    for (const [id, notification] of this.#queued) {
      if (this.#isStopped) return;
      try {
        await this.#work(id, notification);
      } catch {
        if (!this.#isStopped) this.#markFailed(id, 'could not be stored');
      }
      this.#queued.delete(id);
    }
  }

  async #work(id: string, notification: Uint8Array): Promise<void> {
    let data: HistoryData;
    try {
      data = await this.#fetch(notification);
    } catch (error) {
      if (!this.#isStopped) this.#markFailed(id, reasonOf(error));
      return;
    }
    await this.#store(id, data);
    await this.#informLibrary(data).catch(() =>
      this.#deps.log.warn({}, 'addresses or tokens of a history part could not be kept'),
    );
  }

  async #fetch(notification: Uint8Array): Promise<HistoryData> {
    const { library, request } = this.#deps;
    const { signal } = this.#stopping;
    const decoded = library.proto.Message.HistorySyncNotification.decode(notification);
    for (let attempt = 0; ; attempt++) {
      try {
        return await readHistory(library, decoded, { ...request, signal });
      } catch (error) {
        const pause = this.#retryMs[attempt];
        if (pause === undefined || signal.aborted) throw error;
        await delay(pause, undefined, { signal });
      }
    }
  }

  async #store(id: string, data: HistoryData): Promise<void> {
    const { sink, translate, votes, forget } = this.#deps;
    for (const batch of historyBatches(data, translate)) {
      this.#stopping.signal.throwIfAborted();
      const cast = batch.messages ? votes.read([], batch.messages) : {};
      const changes = [...(batch.changes ?? []), ...(cast.changes ?? [])];
      sink.ingest({ lane: 'history', chunkId: id, ...batch, ...cast, changes });
      const takenBack = takenBackIn({ ...batch, changes });
      if (takenBack.length > 0) forget(takenBack);
      await nextTurn();
    }
    this.#stopping.signal.throwIfAborted();
    sink.chunkStored(id);
  }

  /** Passes on what the library would have learned from the chunk. A failure costs queries later, not rows. */
  async #informLibrary(data: HistoryData): Promise<void> {
    const socket = this.#deps.socket();
    if (!socket) return;
    if (data.lidPnMappings?.length) {
      await socket.signalRepository.lidMapping.storeLIDPNMappings([...data.lidPnMappings]);
    }
    await storeTcTokens(socket, data.chats);
  }

  #markFailed(id: string, reason: string): void {
    const { sink, log } = this.#deps;
    log.warn({ reason }, 'a part of the history failed; it stays announced and is tried again at the next connect');
    try {
      sink.chunkFailed(id, reason);
    } catch {
      log.error({}, 'the store did not take a note about a failed part of the history');
    }
  }
}

/**
 * The history path, ours from the notification on. The library would acknowledge a chunk before it downloads it once,
 * and merge and de-duplicate chunks in memory. Here a chunk is recorded first, downloaded with retries, and stored in
 * slices that keep the event loop responsive.
 */
export const createHistoryQueue = (deps: HistoryDeps): HistoryQueue => new Queue(deps);
