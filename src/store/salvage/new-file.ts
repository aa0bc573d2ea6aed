import { closeSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { withSidecars } from '../sqlite/backup.ts';
import { type Db, trustNoSchema } from '../sqlite/database.ts';

/** A file that is being made has this ending, after the number of the process that makes it. */
export const draftEnding = '.draft';

/**
 * Makes a database under another name (0600) and puts it where it belongs when it is whole. Throws an error with code
 * EEXIST when something is there already; then, and when `fill` throws, nothing is left behind.
 */
export async function makeFile<T>(path: string, fill: (db: Db) => Promise<T>): Promise<T> {
  const draft = `${path}.${process.pid}${draftEnding}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
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

/** A link is refused where something is; a move would take its place. */
function place(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    closeSync(openSync(path, 'wx', 0o600)); // a file system without links
    renameSync(draft, path);
  }
}

function removeDatabase(path: string): void {
  for (const one of withSidecars(path)) rmSync(one, { force: true });
}
