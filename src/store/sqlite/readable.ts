import { constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { realFile } from '../../system/folder.ts';
import { type Fault, faultOf, isWritable, mayUse, nameFile, refineFault, storeFailure } from '../files/failure.ts';
import { nameFailures } from '../files/named-failures.ts';
import { type Db, openInMemory, openQueryOnly } from './database.ts';

/** A database that is open for reading. */
export interface Readable {
  db: Db;
  /** A copy in memory, which does not follow later changes of the file. */
  isCopy: boolean;
  /** Why SQLite cannot write beside the file; null where it can. */
  fault: Fault | null;
  /** Whether the path now names another file, or the copied file has changed or no longer needs a copy. */
  isStale(): boolean;
}

/**
 * The largest file that is copied into memory. A file in WAL mode needs a -shm file beside it, and the copy stands in
 * where that cannot be created.
 */
const maxCopiedBytes = 512 * 1024 * 1024;

/** Faults that concern only the files beside the database, so that a copy of it can still be read. */
const sidecarFaults: readonly (Fault | undefined)[] = ['full', 'read_only', 'cannot_open', 'io'];

/**
 * Opens an existing file for reading, even where nothing can be written. Throws SqliteError, or `store_unavailable`.
 */
export function openReadable(path: string): Readable {
  const file = realFile(path);
  const fault = mayUse(file, constants.W_OK) && mayUse(dirname(file), constants.W_OK) ? null : 'read_only';
  if (fault !== null && !existsSync(`${file}-shm`)) return copied(path, fault);
  let db: Db | undefined;
  try {
    db = openQueryOnly(path);
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    const opened = identity(path, false);
    return { db, isCopy: false, fault, isStale: () => identity(path, false) !== opened };
  } catch (error) {
    db?.close();
    const found = faultOf(error);
    if (found === undefined || !sidecarFaults.includes(found) || !existsSync(path)) throw error;
    return copied(path, refineFault(found, path));
  }
}

/** Identifies the opened file; for a copy, also its content at that time. */
function identity(path: string, withContent: boolean): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return '';
  const hasLog = withContent && existsSync(`${realFile(path)}-wal`);
  return withContent ? `${stats.ino} ${stats.size} ${stats.mtimeMs} ${hasLog}` : `${stats.ino}`;
}

function copied(path: string, fault: Fault): Readable {
  try {
    const { size } = statSync(path);
    const log = statSync(`${realFile(path)}-wal`, { throwIfNoEntry: false });
    if (size > maxCopiedBytes || (log && log.size > 0)) throw storeFailure('needs_room', path);
    const opened = identity(path, true);
    const db = openInMemory(withoutWalMode(readFileSync(path)));
    nameFailures(db, path);
    return { db, isCopy: true, fault, isStale: () => identity(path, true) !== opened || opensNow(path) };
  } catch (error) {
    throw nameFile(error, path);
  }
}

/** Whether what kept SQLite from the file is gone: there is room again, or the folder became writable. */
function opensNow(path: string): boolean {
  if (!isWritable(path)) return false;
  let db: Db | undefined;
  try {
    db = openQueryOnly(path);
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return true;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/** SQLite cannot open a WAL-mode database from memory. Two bytes of the header hold the mode. */
function withoutWalMode(content: Buffer): Buffer {
  if (content.subarray(0, 15).toString('latin1') === 'SQLite format 3') content.fill(1, 18, 20);
  return content;
}
