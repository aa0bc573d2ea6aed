import type { HistoryProgress } from '../domain/history.ts';

export interface TransferResult {
  messages_synced: number;
  duplicates_skipped: number;
  failed: number;
  chats_synced: number;
}

/** `in_progress`: the time was up, and the copy goes on; the counts are those so far. */
export interface CopyResult extends TransferResult {
  status: 'completed' | 'in_progress';
}

export interface CopyWait {
  signal: AbortSignal;
  progress: Progress;
  /** Milliseconds after which the answer comes in any case; Infinity waits for the end. */
  limitMs: number;
}

export type Progress = (done: number, total: number | null, message: string) => void;

export interface TransferOptions {
  signal?: AbortSignal;
  progress?: Progress;
  /** What was copied so far, after each transaction. */
  onCounts?: (soFar: TransferResult) => void;
}

/**
 * The one writer of messages.db and search.db in this process: a handle on the worker thread, started at first use.
 * Methods reject with AppError; a call whose signal aborts rejects with `cancelled` and keeps what was done.
 */
export interface Sync {
  /** Copies staged rows of a lane into messages.db; resolves when they are searchable. */
  transfer(lane: 'history' | 'live', options?: TransferOptions): Promise<TransferResult>;
  /**
   * Copies the history and waits for it. Called again while a copy goes on, waits for that one; what a copy did after its
   * call had been answered is counted in the next answer. Aborting the only call that waits stops the copy.
   */
  copyHistory(wait: CopyWait): Promise<CopyResult>;
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
