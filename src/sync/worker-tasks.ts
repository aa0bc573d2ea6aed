import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import { asStoreFailure, storeFailure } from '../store/files/failure.ts';
import { isSoundFile, type SearchIndex } from '../store/search/indexer.ts';
import { type Db, isCorrupt } from '../store/sqlite/database.ts';
import { deleteStaged } from '../store/staging/cleanup.ts';
import { type Lane, laneState, openStaging, type Staging } from '../store/staging/staging.ts';
import { createHistoryReader } from './history-reader.ts';
import { Stores } from './stores.ts';
import type { Progress, TransferResult } from './sync.ts';
import { recountStaged, transfer } from './transfer.ts';
import type { WorkerSettings } from './worker-protocol.ts';

export interface TaskOptions {
  signal: AbortSignal;
  progress: Progress;
  onCounts?: (soFar: TransferResult) => void;
}

/** The tasks of the worker thread, independent of the thread. Files are opened at first use. */
export interface WorkerTasks {
  transfer(lane: Lane, options: TaskOptions): Promise<TransferResult>;
  index(timeoutMs: number, signal: AbortSignal): Promise<number>;
  clear(force: boolean): Promise<{ messages_deleted: number }>;
  close(): void;
}

const indexedAtOnce = 2000;
const deletedAtOnce = 500;

export function createWorkerTasks({ paths, quietMs }: WorkerSettings): WorkerTasks {
  const stores = new Stores(paths);
  const inTurn: Record<Lane, Promise<unknown>> = { history: Promise.resolve(), live: Promise.resolve() };
  const progressOf = (staging: Staging) => createHistoryReader(() => staging, { quietMs }).progress();
  const isHistoryComplete = (staging: Staging) => progressOf(staging).completedAt !== null;
  const isHistoryArriving = (staging: Staging) => progressOf(staging).syncing;

  const copy = async (lane: Lane, options: TaskOptions): Promise<TransferResult> => {
    const { db, throttle } = stores.fed();
    const result = await transfer(db, paths.staging, lane, {
      ...options,
      isHistoryComplete,
      isHistoryArriving,
      throttle,
    });
    stores.remember();
    return result;
  };
  const runTransfer = async (lane: Lane, options: TaskOptions): Promise<TransferResult> => {
    const result = await copy(lane, options).catch((error: unknown) => {
      throw ofStaging(error, paths.staging);
    });
    await indexCopied(stores, options);
    return result;
  };
  return {
    // Runs one transfer per lane at a time: two would share a pass and both report its counts.
    transfer: (lane, options) => {
      const result = inTurn[lane].then(() => runTransfer(lane, options));
      inTurn[lane] = result.catch(() => undefined);
      return result;
    },
    index: async (timeoutMs, signal) => {
      const { db } = stores.messages();
      const index = stores.index();
      const deadline = Date.now() + timeoutMs;
      let remaining = index.indexNew(db, { limit: indexedAtOnce, deadline });
      while (remaining > 0 && Date.now() < deadline && !signal.aborted) {
        await nextTurn();
        remaining = index.indexNew(db, { limit: indexedAtOnce, deadline });
      }
      return remaining;
    },
    clear: async (force) => {
      await Promise.all([inTurn.history, inTurn.live]);
      return clearStaging(stores.fed().db, paths.staging, force);
    },
    close: () => stores.close(),
  };
}

/** Copies messages even when search.db cannot be written; searches then report that and do without it. */
async function indexCopied(stores: Stores, options: TaskOptions): Promise<void> {
  try {
    await indexAll(stores.messages().db, stores.index(), options);
  } catch (error) {
    if (asStoreFailure(error)?.details?.['file'] !== 'search.db') throw error;
  }
}

/** While staging.db is attached, damage in it appears as an error of the connection to messages.db. */
function ofStaging(error: unknown, staging: string): unknown {
  return isCorrupt(error) && !isSoundFile(staging) ? storeFailure('damaged', staging, error) : error;
}

/** Works in slices, so that a live copy or a close can run between them. */
async function indexAll(db: Db, index: SearchIndex, { signal, progress }: TaskOptions): Promise<void> {
  const total = index.indexNew(db, { limit: indexedAtOnce });
  for (let remaining = total; remaining > 0; remaining = index.indexNew(db, { limit: indexedAtOnce })) {
    progress(total - remaining, total, 'Making messages searchable');
    await nextTurn();
    if (signal.aborted)
      throw new AppError('cancelled', 'The call was stopped; messages were copied, not all are searchable.');
  }
  index.indexNew(db);
}

async function clearStaging(db: Db, stagingPath: string, force: boolean): Promise<{ messages_deleted: number }> {
  const staging = openStaging(stagingPath);
  try {
    for (const lane of ['history', 'live'] as const) recountStaged(db, staging, lane);
    const waiting = laneState(staging, 'history').waiting + laneState(staging, 'live').waiting;
    if (waiting > 0 && !force) {
      throw new AppError(
        'database_sync_pending',
        `${waiting} received messages are nowhere else yet, and the phone sends them only once: clearing now would lose them for good.`,
        { details: { waiting } },
      );
    }
    let deleted = 0;
    for (const rows of deleteStaged(staging, { limit: deletedAtOnce, facts: force })) {
      deleted += rows;
      await nextTurn();
    }
    return { messages_deleted: deleted };
  } finally {
    staging.close();
  }
}
