import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import type { Db } from '../store/sqlite/database.ts';

const pauseMs = 2;
const yieldForMs = 2000;
/**
 * A waiting writer has not committed yet, so it cannot be detected: release the lock this often in case there is one.
 */
const maxMsWithoutPause = 50;
const rowsAlone = 1000;
const rowsBesideWriter = 150;
/**
 * The WAL limit without another writer. Many transactions change the same pages of the id index; writing them back
 * together costs a third less (32 MB).
 */
const walPagesAlone = 8000;
/**
 * The WAL limit beside another writer: the next commit after a long log must write it back, so keep the log short here.
 */
const walPagesBesideWriter = 500;

/**
 * Controls the pause between two transactions: the event loop turns, and a cancelled call ends here. While another
 * process writes the same file, the lock stays free for a full 2 ms each time, otherwise every 50 ms. Yielding the
 * event loop alone would not release the lock.
 */
export interface WriteThrottle {
  yieldLock(signal?: AbortSignal): Promise<void>;
  /** Rows for the next transaction: fewer while another process writes, to hold the lock briefly. */
  rows(): number;
}

export function createWriteThrottle(db: Db): WriteThrottle {
  let seen = version(db);
  let yieldUntil = 0;
  let yielding = false;
  let paused = Date.now();
  db.pragma(`wal_autocheckpoint = ${walPagesAlone}`);
  const detectWriter = () => {
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
      detectWriter();
      if (yielding || Date.now() - paused >= maxMsWithoutPause) {
        await sleep(pauseMs);
        paused = Date.now();
      } else await nextTurn();
      if (signal?.aborted) throw new AppError('cancelled', 'The copy was stopped; what was copied stays.');
    },
    rows: () => (yielding ? rowsBesideWriter : rowsAlone),
  };
}

/** Changes when another connection commits. */
const version = (db: Db): number => db.pragma('main.data_version', { simple: true }) as number;
