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
import { absenceKind, type LostKind, lostStore, lostStoreError } from './lost-store.ts';

export type StorePaths = Pick<DataPaths, 'messages' | 'staging' | 'auth'>;

/** Creates messages.db where none was ever filled; throws `store_unavailable` where one is lost. */
function create(paths: StorePaths, absent: LostKind): void {
  const lost = lostStore(paths, undefined, absent);
  if (lost) throw lostStoreError(lost);
  ensureDatabases(paths);
}

/**
 * Opens messages.db for reading. Creates it where none was ever filled, migrates it where it is writable, and otherwise
 * reads a copy. Throws `store_unavailable` for a lost file or one of another program, `schema_mismatch` for one that is
 * too new, and SqliteError.
 */
export function openMessages(paths: StorePaths): Readable {
  const absent = absenceKind(paths.messages);
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

/** Opens messages.db for writing, with the newest schema; throws as `openMessages` does. */
export function openMessagesWriter(paths: StorePaths): Db {
  const absent = absenceKind(paths.messages);
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
