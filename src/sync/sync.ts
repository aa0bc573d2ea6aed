import type { HistoryProgress } from '../domain/history.ts';

export interface TransferResult {
  messages_synced: number;
  duplicates_skipped: number;
  failed: number;
  chats_synced: number;
}

export type Progress = (done: number, total: number | null, message: string) => void;

/**
 * The one writer of messages.db and search.db in this process: a handle on the worker thread, started at first use.
 * Methods reject with AppError; a call whose signal aborts rejects with `cancelled` and keeps what was done.
 */
export interface Sync {
  /** Copies staged rows of a lane into messages.db; resolves when they are searchable. */
  transfer(lane: 'history' | 'live', options?: { signal?: AbortSignal; progress?: Progress }): Promise<TransferResult>;
  /** Lets the index catch up for at most this long; resolves to the number of rows it has not read yet. */
  index(timeoutMs: number): Promise<number>;
  /** Deletes staged rows; refuses rows that were not copied unless forced. */
  clearStaging(force: boolean): Promise<{ messages_deleted: number }>;
  close(): Promise<void>;
}

/** What staging.db says about arriving history; reads only, on the main thread. */
export interface HistoryReader {
  progress(): HistoryProgress;
  /** Staged history rows that wait for sync_history_to_database. */
  pendingRows(): number;
}
