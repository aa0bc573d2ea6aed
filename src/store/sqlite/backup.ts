import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { isBusy, openQueryOnly } from './database.ts';

/**
 * Copies a database as it is at one moment, whoever writes it meanwhile, into a new file of its own (0600, no -wal
 * beside it). Throws an error with code EEXIST when there is a file already, SqliteError when the source cannot be read;
 * then nothing is left behind.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = openQueryOnly(from);
  try {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    closeSync(openSync(to, 'wx', 0o600)); // from here on the file is ours to fill, or to remove
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

/** The copy of a file in WAL mode is in that mode too; whoever moves it must not have to know of a second file. */
function settle(path: string): void {
  const copy = new Database(path);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
  chmodSync(path, 0o600);
}

/** A database and what SQLite keeps beside it while it is used. */
export function withSidecars(path: string): string[] {
  return [path, ...['-wal', '-shm', '-journal'].map((ending) => path + ending)];
}

/** Whether any connection has this database open, in this process or another: each holds a shared lock on the file. */
export function isInUse(path: string): boolean {
  const db = new Database(path, { timeout: 0, fileMustExist: true });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return false;
  } catch (error) {
    return isBusy(error); // else it is damaged, which is not what was asked
  } finally {
    db.close();
  }
}
