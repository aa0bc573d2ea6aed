import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import { type Db, migrate, openWriter } from '../store/database.ts';
import { openIndex, type SearchIndex } from '../store/search-index.ts';
import { type Lane, laneState, openStaging, type Staging } from '../store/staging.ts';
import { deleteStaged } from '../store/staging-cleanup.ts';
import { createHistoryReader } from './history-reader.ts';
import { createPace } from './pace.ts';
import type { WorkerSettings } from './protocol.ts';
import type { Progress, TransferResult } from './sync.ts';
import { settleCopied, transfer } from './transfer.ts';

export interface JobOptions {
  signal: AbortSignal;
  progress: Progress;
  onCounts?: (soFar: TransferResult) => void;
}

/** What the worker thread does; here without the thread. Files are opened at first use. */
export interface Jobs {
  transfer(lane: Lane, options: JobOptions): Promise<TransferResult>;
  index(timeoutMs: number, signal: AbortSignal): Promise<number>;
  clear(force: boolean): Promise<{ messages_deleted: number }>;
  close(): void;
}

const indexedAtOnce = 2000;
const deletedAtOnce = 500;

export function createJobs({ paths, quietMs }: WorkerSettings): Jobs {
  const open = once(() => openStores(paths));
  const inTurn: Record<Lane, Promise<unknown>> = { history: Promise.resolve(), live: Promise.resolve() };
  const progressOf = (staging: Staging) => createHistoryReader(staging, { quietMs }).progress();
  const isHistoryComplete = (staging: Staging) => progressOf(staging).completedAt !== null;
  const isHistoryArriving = (staging: Staging) => progressOf(staging).syncing;

  const runTransfer = async (lane: Lane, options: JobOptions): Promise<TransferResult> => {
    const { db, index, pace } = open.get();
    const result = await transfer(db, paths.staging, lane, { ...options, isHistoryComplete, isHistoryArriving, pace });
    await indexAll(db, index, options);
    return result;
  };
  return {
    // Two calls for one lane would share a pass and both report its counts.
    transfer: (lane, options) => {
      const result = inTurn[lane].then(() => runTransfer(lane, options));
      inTurn[lane] = result.catch(() => undefined);
      return result;
    },
    index: async (timeoutMs, signal) => {
      const { db, index } = open.get();
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
      return clearStaging(open.get().db, paths.staging, force);
    },
    close: () => open.close(),
  };
}

function openStores(paths: WorkerSettings['paths']) {
  const db = openWriter(paths.messages);
  migrate(db);
  const index = openIndex(paths.search);
  return {
    db,
    index,
    pace: createPace(db),
    close: () => {
      index.close();
      db.close();
    },
  };
}

function once<T extends { close(): void }>(open: () => T): { get(): T; close(): void } {
  let value: T | undefined;
  return {
    get: () => {
      value ??= open();
      return value;
    },
    close: () => value?.close(),
  };
}

/** In slices, so that a live copy or a close gets its turn between them. */
async function indexAll(db: Db, index: SearchIndex, { signal, progress }: JobOptions): Promise<void> {
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
    for (const lane of ['history', 'live'] as const) settleCopied(db, staging, lane);
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
