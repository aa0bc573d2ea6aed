import { AppError } from '../domain/errors.ts';
import type { HistoryProgress } from '../domain/history.ts';
import { asStoreFailure } from '../store/files/failure.ts';
import type { Reader, StoreHealth } from '../store/reader.ts';
import type { HistoryReader } from '../sync/sync.ts';

/** What is said of a history about which nothing can be asked. */
const unknownHistory: HistoryProgress = {
  status: 'not_started',
  syncing: false,
  progressPercent: 0,
  messagesSynced: 0,
  chatsSynced: 0,
  syncType: null,
  startedAt: null,
  lastChunkAt: null,
  completedAt: null,
  missingParts: 0,
};

/** The files of the store together; staging.db that cannot be read makes the database unhealthy, not unreadable. */
export function storeStatus(history: HistoryReader, database: StoreHealth) {
  try {
    return { progress: history.progress(), database };
  } catch (error) {
    const failure = asStoreFailure(error);
    if (!failure) throw error;
    const message = [database.message, `${failure.message} Nothing that arrives can be stored.`];
    const joined = message.filter((part) => part !== null).join(' ');
    const next_step = database.next_step ?? failure.hint;
    return { progress: unknownHistory, database: { ...database, healthy: false, message: joined, next_step } };
  }
}

/** Throws while messages.db is not the file that the history was copied into: its counts say nothing of that file. */
export function refuseLostStore(store: Pick<Reader, 'notice'>): void {
  const notice = store.notice();
  if (notice) throw new AppError('store_unavailable', notice.message, { hint: notice.next_step });
}
