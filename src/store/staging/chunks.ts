import type { HistoryChunk, SyncType } from '../../domain/history.ts';
import type { Staging } from './staging.ts';

interface ChunkRow {
  id: string;
  sync_type: SyncType;
  progress: number | null;
  chunk_order: number | null;
  announced_at: number;
  stored_at: number | null;
  messages: number;
  error: string | null;
}

/** The history notifications of this account, as staging.db remembers them. Times in ms since 1970. */
export interface ChunkStore {
  announce(
    chunk: Pick<HistoryChunk, 'id' | 'syncType' | 'progress' | 'chunkOrder'>,
    notification: Uint8Array,
    now: number,
  ): void;
  stored(id: string, now: number): void;
  failed(id: string, reason: string): void;
  /** Deletes old failures, because their chunks are being retried. */
  retryAll(): void;
  pending(): { id: string; notification: Uint8Array; attempts: number }[];
  count(id: string, rows: { fresh: number; storedBefore: number }): void;
  list(): HistoryChunk[];
  /** The messages and chats that the chunks added, each counted once. */
  figures(): { messages: number; chats: number };
}

export function chunkStore(staging: Pick<Staging, 'db' | 'readMeta'>): ChunkStore {
  const { db } = staging;
  const announce = db.prepare(`
    INSERT INTO chunks (id, sync_type, progress, chunk_order, announced_at, notification) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET error = NULL`);
  // The notification holds media keys, or the rows themselves. Neither is needed once the chunk is stored.
  const stored = db.prepare(
    'UPDATE chunks SET stored_at = coalesce(stored_at, ?), error = NULL, notification = NULL WHERE id = ?',
  );
  const failed = db.prepare('UPDATE chunks SET error = ?, attempts = attempts + 1 WHERE id = ? AND stored_at IS NULL');
  const retryAll = db.prepare('UPDATE chunks SET error = NULL WHERE error IS NOT NULL');
  const pending = db.prepare(`
    SELECT id, notification, attempts FROM chunks WHERE stored_at IS NULL AND notification IS NOT NULL
    ORDER BY announced_at, rowid`);
  const count = db.prepare('UPDATE chunks SET messages = messages + ?, stored_before = stored_before + ? WHERE id = ?');
  const list = db.prepare(`
    SELECT id, sync_type, progress, chunk_order, announced_at, stored_at, messages, error FROM chunks
    ORDER BY announced_at, rowid`);
  const messages = db.prepare('SELECT coalesce(sum(messages - stored_before), 0) FROM chunks').pluck();
  const chats = db
    .prepare(`
      SELECT count(DISTINCT coalesce((SELECT pn FROM lid_pairs WHERE lid = jid), jid)) FROM history_chats
      WHERE jid <> 'status@broadcast'`)
    .pluck();
  return {
    announce: (chunk, notification, now) =>
      void announce.run(chunk.id, chunk.syncType, chunk.progress, chunk.chunkOrder, now, notification),
    stored: (id, now) => void stored.run(now, id),
    failed: (id, reason) => void failed.run(reason, id),
    retryAll: () => void retryAll.run(),
    pending: () => pending.all() as ReturnType<ChunkStore['pending']>,
    count: (id, rows) => void count.run(rows.fresh + rows.storedBefore, rows.storedBefore, id),
    list: () => (list.all() as ChunkRow[]).map(toChunk),
    figures: () => ({
      messages: (messages.get() as number) - Number(staging.readMeta('history_duplicates') ?? 0),
      chats: chats.get() as number,
    }),
  };
}

function toChunk(row: ChunkRow): HistoryChunk {
  return {
    id: row.id,
    syncType: row.sync_type,
    progress: row.progress,
    chunkOrder: row.chunk_order,
    announcedAt: row.announced_at,
    storedAt: row.stored_at,
    messages: row.messages,
    error: row.error,
  };
}
