import { closeSync, lstatSync, openSync, readdirSync, readSync, rmdirSync, rmSync } from 'node:fs';
import { withSidecars } from '../../store/sqlite/backup.ts';
import { ownershipFault } from '../../system/ownership.ts';
import { clockFolders, type OwnFile, ownFiles, ownFolders } from '../data/folder.ts';

/** A file to delete: `path`, and the target when it is a link. */
export type Doomed = Pick<OwnFile, 'path' | 'target' | 'bytes'>;

/** A file that cannot or must not be deleted, with the reason in words that follow its name. */
export interface Kept {
  path: string;
  reason: string;
}

/** Our files in data directories, with SQLite's own files next to a linked database. */
export function doomedIn(folders: readonly string[]): { files: Doomed[]; kept: Kept[] } {
  const [files, kept]: [Doomed[], Kept[]] = [[], []];
  for (const file of folders.flatMap(ownFiles)) {
    const reason = objection(file);
    if (reason === undefined) files.push(file, ...beside(file));
    else kept.push({ path: file.target ?? file.path, reason });
  }
  return { files, kept };
}

/** Our file name proves whose file it is, but a link may point to any file. */
function objection({ target, isDatabase }: OwnFile): string | undefined {
  if (typeof target !== 'string') return undefined;
  if (ownershipFault(target) === 'other_owner') return 'it belongs to another user; the link to it stays too';
  if (isDatabase && !isDatabaseFile(target)) return 'it is no database; the link to it stays too';
  return undefined;
}

const signature = Buffer.from('SQLite format 3\0');

/** An empty file is a database without writes; -wal and -shm have their own signatures. */
function isDatabaseFile(path: string): boolean {
  if (/-(wal|shm|journal)$/.test(path)) return true;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(signature.length);
    const length = readSync(file, head);
    return length === 0 || head.equals(signature);
  } finally {
    closeSync(file);
  }
}

function beside({ target, isDatabase }: OwnFile): Doomed[] {
  if (typeof target !== 'string' || !isDatabase) return [];
  return withSidecars(target)
    .slice(1)
    .flatMap((path) => {
      const found = lstatSync(path, { throwIfNoEntry: false });
      return found?.isFile() ? [{ path, bytes: found.size }] : [];
    });
}

/** Deletes all files; a link's target first, so that a failure leaves the link to it. */
export function remove(files: readonly Doomed[]): { deleted: string[]; failed: Kept[] } {
  const [deleted, failed]: [string[], Kept[]] = [[], []];
  for (const { path, target } of files) {
    for (const one of target ? [target, path] : [path]) {
      try {
        rmSync(one, { force: true });
        deleted.push(one);
      } catch (error) {
        failed.push({ path: one, reason: `it cannot be deleted (${(error as NodeJS.ErrnoException).code})` });
        break;
      }
    }
  }
  return { deleted, failed };
}

/** Removes the folders that are empty now, except links and mounted disks, which the user created. */
export function removeFolders(folders: readonly string[]): void {
  for (const folder of folders.flatMap((dir) => [...ownFolders(dir), ...clockFolders(dir)]).reverse()) {
    try {
      if (readdirSync(folder).length === 0) rmdirSync(folder);
    } catch {
      // it is gone, or it stays as an empty folder
    }
  }
}
