import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { dataPaths } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { type OwnershipFault, ownershipFault, ownershipWords } from '../../system/ownership.ts';
import { type Fault, wayFault } from '../../system/way.ts';
import { ownFiles, ownFolders } from './folder.ts';

/** Settings or a data directory with which nothing may be done; a server goes on only to say so. */
export class UnsafeSettings extends AppError {
  constructor(message: string) {
    super('not_permitted', message);
  }
}

/**
 * Throws UnsafeSettings, before anything is read, when another user of this machine may change what stands in a data
 * directory: the folder, the way to it, `.env`, or a file of ours. Looks at nothing on Windows.
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

function folderFault(dataDir: string): Fault | undefined {
  for (const path of ownFolders(dataDir)) {
    const onTheWay = wayFault(path);
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
    const onTheWay = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? wayFault(path) : undefined;
    if (onTheWay) return onTheWay;
  }
  return undefined;
}

/** The mode of a file says nothing where others cannot enter its folder. */
function faultInside(path: string): OwnershipFault | undefined {
  const fault = existsSync(path) ? ownershipFault(path) : undefined;
  return fault === 'writable_by_others' && isClosed(path) ? undefined : fault;
}

const othersMayEnter = 0o011;

function isClosed(path: string): boolean {
  if (lstatSync(path).isSymbolicLink()) return false;
  return (statSync(dirname(path)).mode & othersMayEnter) === 0;
}
