import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { DeviceLock } from '../../domain/linked-device.ts';
import { makeFolder } from '../../system/folder.ts';
import { withFile } from '../files/failure.ts';

interface Owner {
  pid: number;
  started: string;
}

/** Opens lock.db and takes the exclusive transaction; undefined when another connection holds it. */
function lock(path: string): Database.Database | undefined {
  makeFolder(dirname(path));
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600)); // closing a file releases the locks on it (POSIX)
  const db = new Database(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}

/**
 * Whether another process holds a lock of this kind. Only reads, so that it does not block a process that takes the
 * lock now.
 */
export function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  const db = new Database(path, { timeout: 0, readonly: true });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true;
    throw error;
  } finally {
    db.close();
  }
}

/**
 * The lock of the linked device: an exclusive SQLite transaction, which the system releases when its owner is killed.
 * The owner's name is in a file beside it, because an exclusive transaction keeps readers out of its own file.
 */
export function createDeviceLock(path: string): DeviceLock {
  const ownerFile = `${path}.owner`;
  let held: Database.Database | undefined;

  const readOwner = (): Owner | null => {
    try {
      return JSON.parse(readFileSync(ownerFile, 'utf8')) as Owner;
    } catch {
      return null; // the owner is between taking the lock and writing its name, or between removing them
    }
  };

  return {
    tryAcquire() {
      if (held) return true;
      held = withFile(path, () => lock(path));
      if (!held) return false;
      const owner: Owner = { pid: process.pid, started: new Date().toISOString() };
      withFile(path, () => {
        writeFileSync(`${ownerFile}.new`, JSON.stringify(owner), { mode: 0o600 });
        renameSync(`${ownerFile}.new`, ownerFile);
      });
      return true;
    },
    release() {
      if (!held) return;
      rmSync(ownerFile, { force: true });
      held.close();
      held = undefined;
    },
    owner() {
      if (held) return readOwner();
      const free = withFile(path, () => lock(path)); // a killed owner leaves its name behind, but not its lock
      if (!free) return readOwner() ?? { pid: 0, started: '' };
      free.close();
      return null;
    },
  };
}
