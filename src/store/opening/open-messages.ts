import { statSync } from 'node:fs';
import type { DataPaths } from '../../config.ts';
import { storeFailure } from '../files/failure.ts';
import { messagesOwner, ownerOf, refuseForeign } from '../files/owner.ts';
import {
  type Db,
  ensureDatabases,
  knownVersion,
  migrate,
  openWriter,
  requireCompatible,
  schemaVersion,
} from '../sqlite/database.ts';
import { openReadable, type Readable } from '../sqlite/readable.ts';
import { type LostKind, lostStore, lostStoreError } from './lost-store.ts';

export type StorePaths = Pick<DataPaths, 'messages' | 'staging' | 'auth'>;

/** Whether there is nothing at this path: no file, or one of 0 bytes. */
function absence(path: string): LostKind | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return 'missing';
  return size === 0 ? 'empty' : null;
}

/** Creates messages.db where none was ever filled; throws `store_unavailable` where one is lost. */
function create(paths: StorePaths, absent: LostKind): void {
  const lost = lostStore(paths, undefined, absent);
  if (lost) throw lostStoreError(lost);
  ensureDatabases(paths);
}

/**
 * Opens messages.db to read it: creates it where none was ever filled, brings its schema up to date where that can be
 * written, and reads a copy where it cannot. Throws `store_unavailable` for a lost file or one of another program,
 * `schema_mismatch` for one that is too new, and SqliteError.
 */
export function openMessages(paths: StorePaths): Readable {
  const absent = absence(paths.messages);
  if (absent) create(paths, absent);
  const open = openReadable(paths.messages);
  try {
    refuseForeign(open.db, paths.messages, messagesOwner);
    if (schemaVersion(open.db) >= knownVersion()) {
      requireCompatible(open.db, 'min_reader');
      return open;
    }
    if (open.isCopy) {
      migrate(open.db);
      return open;
    }
    if (open.fault !== null) throw storeFailure(open.fault, paths.messages);
    const nothing = ownerOf(open.db, messagesOwner) === 'empty';
    open.db.close();
    if (nothing) create(paths, 'empty');
    else ensureDatabases(paths);
    return openReadable(paths.messages);
  } catch (error) {
    open.db.close();
    throw error;
  }
}

/** Opens messages.db to write it, with the newest schema; throws as `openMessages` does. */
export function openMessagesWriter(paths: StorePaths): Db {
  const absent = absence(paths.messages);
  if (absent) create(paths, absent);
  const db = openWriter(paths.messages, messagesOwner);
  try {
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
