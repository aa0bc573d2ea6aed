import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a folder and its missing parents, readable by this user only unless `mode` says otherwise. Throws the error of
 * the system. Node's own `recursive` never returns, and holds up signals, where a file system denies that its folder
 * exists (a name below /proc).
 */
export function makeFolder(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isFolder(path)) return;
    const parent = dirname(resolve(path));
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || isFolder(parent)) throw error;
    makeFolder(parent, mode);
    makeLast(path, mode);
  }
}

/** The parent exists now; another process may create the same folder. */
function makeLast(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The file that a path leads to through links, beside which SQLite keeps its other files; the path itself where none is. */
export const realFile = (path: string): string => (existsSync(path) ? realpathSync(path) : path);
