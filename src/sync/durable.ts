import type { Db } from '../store/sqlite/database.ts';

/** Runs a transaction that is on disk when this returns, along with every earlier commit. */
export function onDisk<T>(db: Db, work: () => T): T {
  db.pragma('main.synchronous = FULL');
  try {
    return db.transaction(work)();
  } finally {
    db.pragma('main.synchronous = NORMAL');
  }
}

/** The first, passive checkpoint does most of the work without blocking writers, so the second one has little to do. */
export function writeBack(db: Db): void {
  db.pragma('main.wal_checkpoint(PASSIVE)');
  db.pragma('main.wal_checkpoint(TRUNCATE)');
}
