import type { HistoryStatus } from './states.ts';

/** WhatsApp's types of history chunk, by their number on the wire. */
export const syncTypes = {
  0: 'initial_bootstrap',
  1: 'initial_status',
  2: 'full',
  3: 'recent',
  4: 'push_name',
  5: 'non_blocking_data',
  6: 'on_demand',
} as const;
export type SyncType = (typeof syncTypes)[keyof typeof syncTypes];

/**
 * One history notification: announced on arrival, stored when all its rows are in staging.db. Times in ms since 1970.
 */
export interface HistoryChunk {
  /** Message id of the notification. */
  id: string;
  syncType: SyncType;
  /** 0–100 within its sync type; null when WhatsApp did not report it. */
  progress: number | null;
  chunkOrder: number | null;
  announcedAt: number;
  storedAt: number | null;
  /** Message rows in it that were new to staging.db. */
  messages: number;
  /** Set when the download failed for good. */
  error: string | null;
}

export interface HistoryProgress {
  status: HistoryStatus;
  syncing: boolean;
  /** 0–100; never decreases while the same history arrives; 100 only with the status complete. */
  progressPercent: number;
  messagesSynced: number;
  chatsSynced: number;
  syncType: SyncType | null;
  /** Milliseconds since 1970. */
  startedAt: number | null;
  lastChunkAt: number | null;
  completedAt: number | null;
  /** Parts that must exist, by the numbers of the others, and have not arrived. */
  missingParts: number;
}
