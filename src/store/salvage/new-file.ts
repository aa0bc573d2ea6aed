import { closeSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { makeFolder } from '../../system/folder.ts';
import { withSidecars } from '../sqlite/backup.ts';
import { type Db, trustNoSchema } from '../sqlite/database.ts';

/** The ending of an unfinished file's name, after the process id of its writer. */
export const draftEnding = '.draft';

/**
 * Creates a database under a temporary name (0600) and moves it to its place once it is complete. Throws an error with
 * code EEXIST when a file is there already; leaves no file behind when it or `fill` throws.
 */
export async function makeFile<T>(path: string, fill: (db: Db) => Promise<T>): Promise<T> {
  const draft = `${path}.${process.pid}${draftEnding}`;
  makeFolder(dirname(path));
  removeDatabase(draft);
  closeSync(openSync(draft, 'wx', 0o600));
  try {
    const result = await filled(draft, fill);
    place(draft, path);
    return result;
  } finally {
    removeDatabase(draft);
  }
}

async function filled<T>(draft: string, fill: (db: Db) => Promise<T>): Promise<T> {
  const db = new Database(draft);
  try {
    trustNoSchema(db);
    return await fill(db);
  } finally {
    db.close();
  }
}

/** Creating a link fails where a file exists; a rename would replace it. */
function place(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    closeSync(openSync(path, 'wx', 0o600)); // a file system without hard links
    renameSync(draft, path);
  }
}

function removeDatabase(path: string): void {
  for (const one of withSidecars(path)) rmSync(one, { force: true });
}
