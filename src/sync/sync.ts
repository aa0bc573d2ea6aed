import type { HistoryProgress } from '../domain/history.ts';

export interface TransferResult {
  messages_synced: number;
  duplicates_skipped: number;
  failed: number;
  chats_synced: number;
}

/** `in_progress`: the time limit passed and the copy continues; the counts are those so far. */
export interface CopyResult extends TransferResult {
  status: 'completed' | 'in_progress';
}

export interface CopyWait {
  signal: AbortSignal;
  progress: Progress;
  /** Milliseconds after which the call returns in any case; Infinity waits for the end. */
  limitMs: number;
}

export type Progress = (done: number, total: number | null, message: string) => void;

export interface TransferOptions {
  signal?: AbortSignal;
  progress?: Progress;
  /** Receives the counts so far after each transaction. */
  onCounts?: (soFar: TransferResult) => void;
}

/**
 * The only writer of messages.db and search.db in this process: a handle on the worker thread, started at first use.
 * Methods reject with AppError; a call whose signal aborts rejects with `cancelled` and keeps the work done so far.
 */
export interface Sync {
  /** Copies staged rows of a lane into messages.db; resolves when they are searchable. */
  transfer(lane: 'history' | 'live', options?: TransferOptions): Promise<TransferResult>;
  /**
   * Copies the history and waits for it. A call during a copy joins it; rows copied after a call returned are counted
   * in the next answer. Aborting the only waiting call stops the copy.
   */
  copyHistory(wait: CopyWait): Promise<CopyResult>;
  /** Indexes for at most this long; resolves to the number of rows that are still not indexed. */
  index(timeoutMs: number): Promise<number>;
  /** Deletes staged rows; refuses when some were not copied, unless forced. */
  clearStaging(force: boolean): Promise<{ messages_deleted: number }>;
  close(): Promise<void>;
}

/** The state of the arriving history in staging.db; reads only, on the main thread. */
export interface HistoryReader {
  progress(): HistoryProgress;
  /** Staged history rows that wait for sync_history_to_database. */
  pendingRows(): number;
}
