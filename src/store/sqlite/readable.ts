import { constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Fault, faultOf, mayUse, nameFile, refined, storeFailure } from '../files/failure.ts';
import { nameFailures } from '../files/named-failures.ts';
import { type Db, openInMemory, openQueryOnly } from './database.ts';

/** A database that is open for reading. */
export interface Readable {
  db: Db;
  /** A copy in memory, which does not follow the file. */
  isCopy: boolean;
  /** Why nothing can be written beside it; null where that is possible. */
  fault: Fault | null;
  /** Whether the path names another file by now, or the copied file has changed. */
  isStale(): boolean;
}

/** A file in WAL mode needs a -shm file beside it; where none can be made, up to this size is read into memory. */
const mostCopiedBytes = 512 * 1024 * 1024;

/** Faults with which a sound file can still be read as a copy: what cannot be made is the file beside it. */
const besideFile: readonly (Fault | undefined)[] = ['full', 'read_only', 'cannot_open', 'io'];

/** Opens an existing file to read it, also where nothing can be written. Throws SqliteError, or `store_unavailable`. */
export function openReadable(path: string): Readable {
  const fault = mayUse(path, constants.W_OK) && mayUse(dirname(path), constants.W_OK) ? null : 'read_only';
  if (fault !== null && !existsSync(`${path}-shm`)) return copied(path, fault);
  let db: Db | undefined;
  try {
    db = openQueryOnly(path);
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    const opened = identity(path, false);
    return { db, isCopy: false, fault, isStale: () => identity(path, false) !== opened };
  } catch (error) {
    db?.close();
    const found = faultOf(error);
    if (found === undefined || !besideFile.includes(found) || !existsSync(path)) throw error;
    return copied(path, refined(found, path));
  }
}

/** What says that a path still names the file that was opened; of a copy, that the file is as it was then. */
function identity(path: string, withContent: boolean): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return '';
  return withContent ? `${stats.ino} ${stats.size} ${stats.mtimeMs} ${existsSync(`${path}-wal`)}` : `${stats.ino}`;
}

function copied(path: string, fault: Fault): Readable {
  try {
    const { size } = statSync(path);
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
    if (size > mostCopiedBytes || (log && log.size > 0)) throw storeFailure('needs_room', path);
    const opened = identity(path, true);
    const db = openInMemory(outOfWal(readFileSync(path)));
    nameFailures(db, path);
    return { db, isCopy: true, fault, isStale: () => identity(path, true) !== opened };
  } catch (error) {
    throw nameFile(error, path);
  }
}

/** SQLite takes no database in WAL mode from memory; the mode is two bytes of the header. */
function outOfWal(content: Buffer): Buffer {
  if (content.subarray(0, 15).toString('latin1') === 'SQLite format 3') content.fill(1, 18, 20);
  return content;
}
