import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { makeFolder } from '../../system/folder.ts';
import { isBusy, openQueryOnly } from './database.ts';

/**
 * Copies a consistent state of a database, even during writes, into a new file (0600, no -wal beside it). Throws an
 * error with code EEXIST when the file exists, SqliteError when the source cannot be read; leaves no file behind then.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = openQueryOnly(from);
  try {
    makeFolder(dirname(to));
    closeSync(openSync(to, 'wx', 0o600)); // from here on the file is ours to fill or remove
    try {
      await source.backup(to);
      settle(to);
    } catch (error) {
      for (const path of withSidecars(to)) rmSync(path, { force: true });
      throw error;
    }
  } finally {
    source.close();
  }
}

/**
 * The copy of a file in WAL mode is in WAL mode too. Switching it off makes the copy a single file that is safe to
 * move.
 */
function settle(path: string): void {
  const copy = new Database(path);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
  chmodSync(path, 0o600);
}

/** A database file and the files that SQLite keeps beside it. */
export function withSidecars(path: string): string[] {
  return [path, ...['-wal', '-shm', '-journal'].map((ending) => path + ending)];
}

/** Whether any connection has this database open, in this or another process: each holds a shared lock on the file. */
export function isInUse(path: string): boolean {
  const db = new Database(path, { timeout: 0, fileMustExist: true });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return false;
  } catch (error) {
    return isBusy(error); // any other error means damage, which this function does not report
  } finally {
    db.close();
  }
}
