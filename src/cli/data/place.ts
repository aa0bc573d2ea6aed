import { lstatSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** SQLite opens no file with a longer path, in bytes; the longest name of ours follows the folder's. */
const maxPathBytes = 512 - '/baileys/staging.db-journal'.length;

/**
 * Why a path cannot be a data directory, as a sentence without its end; undefined where it is a folder, can become one,
 * or may not be looked at.
 */
export function placeFault(dataDir: string): string | undefined {
  if (dataDir.includes('\0')) return 'its name contains a NUL character';
  if (Buffer.byteLength(resolve(dataDir)) > maxPathBytes) return 'its path is too long';
  const code = lookAt(dataDir);
  if (code === 'ENAMETOOLONG') return 'its name is too long';
  if (code === 'ELOOP') return 'links on its path lead in a circle';
  if (code === undefined) return statSync(dataDir).isDirectory() ? undefined : `${resolve(dataDir)} is a file`;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return undefined;
  return inTheWay(resolve(dataDir));
}

/** The nearest name on the way that exists, where no folder can be made below it. */
function inTheWay(path: string): string | undefined {
  const found = lookAt(path, lstatSync);
  if (found !== undefined) return dirname(path) === path ? undefined : inTheWay(dirname(path));
  if (lookAt(path) !== undefined) return `the link ${path} leads to nothing`;
  return statSync(path).isDirectory() ? undefined : `${path} is a file`;
}

/** The error code of looking at a path; undefined where something is there. */
function lookAt(path: string, stat: (path: string) => unknown = statSync): string | undefined {
  try {
    stat(path);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EIO';
  }
}
