import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { dataPaths } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { type OwnershipFault, ownershipFault, ownershipWords } from '../../system/ownership.ts';
import { type Fault, pathFault } from '../../system/way.ts';
import { ownFiles, ownFolders } from './folder.ts';

/** Unsafe settings or an unsafe data directory; a server keeps running only to report it. */
export class UnsafeSettings extends AppError {
  constructor(message: string) {
    super('not_permitted', message);
  }
}

/**
 * Throws UnsafeSettings, before reading anything, when another user of this machine could change a data directory: the
 * folder, its parents, `.env`, or one of our files. Checks nothing on Windows.
 */
export function assertTrusted(dataDir: string): void {
  const found = folderFault(dataDir) ?? fileFault(dataDir);
  if (found === undefined) return;
  const { path, fault } = found;
  const kind = lstatSync(path).isDirectory() ? 'The folder' : 'The file';
  throw new UnsafeSettings(
    `${kind} ${path} ${ownershipWords[fault]}. Until then nothing is read from the data directory ${dataDir}. Another one is named with WHATSAPP_DATA_DIR.`,
  );
}

/** The same as an answer, for whoever goes on without the data directory. */
export const isTrusted = (dataDir: string): boolean => (folderFault(dataDir) ?? fileFault(dataDir)) === undefined;

function folderFault(dataDir: string): Fault | undefined {
  for (const path of ownFolders(dataDir)) {
    const onTheWay = pathFault(path);
    if (onTheWay) return onTheWay;
    const fault = existsSync(path) ? ownershipFault(path) : undefined;
    if (fault) return { path, fault };
  }
  return undefined;
}

function fileFault(dataDir: string): Fault | undefined {
  const links = ownFiles(dataDir).map(({ path }) => path);
  for (const path of [dataPaths(dataDir).env, ...links]) {
    const fault = faultInside(path);
    if (fault) return { path, fault };
    const onTheWay = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? pathFault(path) : undefined;
    if (onTheWay) return onTheWay;
  }
  return undefined;
}

/** A file's mode does not matter when other users cannot enter its folder. */
function faultInside(path: string): OwnershipFault | undefined {
  const fault = existsSync(path) ? ownershipFault(path) : undefined;
  return fault === 'writable_by_others' && isClosed(path) ? undefined : fault;
}

const othersMayEnter = 0o011;

function isClosed(path: string): boolean {
  if (lstatSync(path).isSymbolicLink()) return false;
  return (statSync(dirname(path)).mode & othersMayEnter) === 0;
}
