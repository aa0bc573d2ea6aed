import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import type { Db } from '../store/sqlite/database.ts';

const pauseMs = 2;
const yieldForMs = 2000;
/** Who waits for the lock has not written, so nobody sees it: now and then it is let in on the chance. */
const longestWithoutPauseMs = 50;
const rowsAlone = 1000;
const rowsBesideWriter = 150;
/** Pages of the id index change in many transactions; written back together they cost a third less (32 MB). */
const walPagesAlone = 8000;
/** Whoever commits next to a long log has to write it back: beside another writer we keep it short ourselves. */
const walPagesBesideWriter = 500;

/**
 * What happens between two transactions: the event loop turns, a cancelled call ends here, and while another process
 * writes the same file, the lock is left free for a real 2 ms; otherwise that happens every 50 ms. Yielding the event loop
 * alone would not yield the lock.
 */
export interface WriteThrottle {
  yieldLock(signal?: AbortSignal): Promise<void>;
  /** Rows for the next transaction: fewer, so that the lock is held briefly, while another process writes. */
  rows(): number;
}

export function createWriteThrottle(db: Db): WriteThrottle {
  let seen = version(db);
  let yieldUntil = 0;
  let yielding = false;
  let paused = Date.now();
  db.pragma(`wal_autocheckpoint = ${walPagesAlone}`);
  const look = () => {
    const current = version(db);
    const now = Date.now();
    if (current !== seen) yieldUntil = now + yieldForMs;
    seen = current;
    if (yielding === now < yieldUntil) return;
    yielding = now < yieldUntil;
    db.pragma(`wal_autocheckpoint = ${yielding ? walPagesBesideWriter : walPagesAlone}`);
  };
  return {
    yieldLock: async (signal) => {
      look();
      if (yielding || Date.now() - paused >= longestWithoutPauseMs) {
        await sleep(pauseMs);
        paused = Date.now();
      } else await nextTurn();
      if (signal?.aborted) throw new AppError('cancelled', 'The copy was stopped; what was copied stays.');
    },
    rows: () => (yielding ? rowsBesideWriter : rowsAlone),
  };
}

/** Changes when another connection has committed. */
const version = (db: Db): number => db.pragma('main.data_version', { simple: true }) as number;
