import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { type SyncType, syncTypes } from '../../src/domain/history.ts';
import type { BridgeLog, EventSink } from '../bridge.ts';
import { DownloadError, readHistory } from './history-blob.ts';
import type { Library, proto, Socket } from './library.ts';
import { storeTcTokens } from './tc-tokens.ts';
import { type HistoryData, historyBatches } from './translate/history.ts';
import type { TranslateContext } from './translate/message.ts';

export interface HistoryDeps {
  library: Library;
  sink: EventSink;
  log: BridgeLog;
  /** Options of the HTTP download (a dispatcher when simulated). */
  request: RequestInit;
  translate: TranslateContext;
  /** The live socket, when there is one: it learns LID pairs and tokens. */
  socket(): Socket | undefined;
  /** Downloads are repeated with these pauses (ms), then given up until the next connect. */
  retryMs?: readonly number[];
}

export interface HistoryQueue {
  /** Records a notification and starts downloading what it names. Throws when it cannot be recorded. */
  announce(id: string, notification: proto.Message.IHistorySyncNotification): void;
  /** Takes up everything that was announced and is not stored, also what was given up before. */
  resume(): void;
  /** Stops at the next slice; what is not stored stays announced. */
  stop(): void;
  /** Resolves when nothing is being downloaded or stored. */
  idle(): Promise<void>;
}

/** Some notifications only say that there is nothing to come. */
const hasContent = (notification: proto.Message.IHistorySyncNotification): boolean =>
  Boolean(notification.initialHistBootstrapInlinePayload?.length || notification.directPath);

/** A word for a person and for the store: never a path or a text from the notification. */
const reasonOf = (error: unknown): string =>
  error instanceof DownloadError
    ? error.message
    : `download failed (${error instanceof Error ? error.name : 'unknown'})`;

/**
 * The history path, ours from the notification on. The library would download a chunk once, after having acknowledged
 * it, and merge and de-duplicate chunks in memory; here a chunk is recorded first, downloaded until it succeeds, and
 * stored in slices that leave the main loop free.
 */
export function createHistoryQueue(deps: HistoryDeps): HistoryQueue {
  const { library, sink, log } = deps;
  const retryMs = deps.retryMs ?? [1_000, 3_000, 10_000];
  const queued = new Map<string, Uint8Array>();
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  function giveUp(id: string, reason: string): void {
    log.warn({ reason }, 'a part of the history failed; it stays announced and is tried again at the next connect');
    try {
      sink.chunkFailed(id, reason);
    } catch {
      log.error({}, 'the store did not take a note about a failed part of the history');
    }
  }

  async function store(id: string, data: HistoryData): Promise<void> {
    for (const batch of historyBatches(data, deps.translate)) {
      stopping.signal.throwIfAborted();
      sink.ingest({ lane: 'history', chunkId: id, ...batch });
      await nextTurn();
    }
    stopping.signal.throwIfAborted();
    sink.chunkStored(id);
  }

  /** What the library would have learned from the chunk. Losing it costs queries later, not rows. */
  async function teach(data: HistoryData): Promise<void> {
    const socket = deps.socket();
    if (!socket) return;
    if (data.lidPnMappings?.length) {
      await socket.signalRepository.lidMapping.storeLIDPNMappings([...data.lidPnMappings]);
    }
    await storeTcTokens(socket, data.chats);
  }

  async function fetchChunk(notification: Uint8Array): Promise<HistoryData> {
    const decoded = library.proto.Message.HistorySyncNotification.decode(notification);
    for (let attempt = 0; ; attempt++) {
      try {
        return await readHistory(library, decoded, { ...deps.request, signal: stopping.signal });
      } catch (error) {
        const pause = retryMs[attempt];
        if (pause === undefined || stopping.signal.aborted) throw error;
        await delay(pause, undefined, { signal: stopping.signal });
      }
    }
  }

  async function work(id: string, notification: Uint8Array): Promise<void> {
    let data: HistoryData;
    try {
      data = await fetchChunk(notification);
    } catch (error) {
      if (stopping.signal.aborted) return;
      return giveUp(id, reasonOf(error));
    }
    await store(id, data);
    await teach(data).catch(() => log.warn({}, 'addresses or tokens of a history part could not be kept'));
  }

  async function drain(): Promise<void> {
    for (const [id, notification] of queued) {
      if (stopping.signal.aborted) return;
      try {
        await work(id, notification);
      } catch {
        if (!stopping.signal.aborted) giveUp(id, 'could not be stored');
      }
      queued.delete(id);
    }
  }

  function start(): void {
    if (running || stopping.signal.aborted || queued.size === 0) return;
    running = drain().finally(() => {
      running = undefined;
      start(); // announced between the last look and now
    });
  }

  return {
    announce(id, notification) {
      if (!hasContent(notification)) return;
      const bytes = library.proto.Message.HistorySyncNotification.encode(notification).finish();
      const syncType: SyncType =
        syncTypes[(notification.syncType ?? 0) as keyof typeof syncTypes] ?? 'non_blocking_data';
      const { progress = null, chunkOrder = null } = notification;
      sink.announceChunk({ id, syncType, progress, chunkOrder }, bytes);
      queued.set(id, bytes);
      start();
    },
    resume() {
      for (const { id, notification } of sink.pendingChunks()) if (!queued.has(id)) queued.set(id, notification);
      start();
    },
    stop: () => stopping.abort(),
    idle: async () => {
      while (running) await running;
    },
  };
}
