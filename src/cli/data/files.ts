import { existsSync } from 'node:fs';
import type { DataPaths } from '../../config.ts';
import { isInUse } from '../../store/sqlite/backup.ts';
import { createDeviceLock } from '../../store/sqlite/lock.ts';
import { UserError } from '../refusal.ts';
import { ownFiles } from './folder.ts';

/** Throws UserError while a server, wa-bridge (which has messages.db open) or another command uses the data. */
export function assertUnused({ env: _env, lock, ...databases }: DataPaths): void {
  const owner = existsSync(lock) ? createDeviceLock(lock).owner() : null;
  const used = Object.values(databases).filter((path) => existsSync(path) && isInUse(path));
  if (owner === null && used.length === 0) return;
  throw inUse(owner?.pid);
}

/** The same for all our databases in a data directory, including those of wa-bridge and unfinished copies. */
export function assertAllUnused(dataDir: string): void {
  const databases = ownFiles(dataDir).filter(({ path, isDatabase }) => isDatabase && !/-(wal|shm|journal)$/.test(path));
  if (databases.some(({ path }) => existsSync(path) && isInUse(path))) throw inUse(undefined);
}

function inUse(pid: number | undefined): UserError {
  return new UserError(
    `${pid ? `Process ${pid}` : 'A server, wa-bridge or another command'} is using the data.`,
    'End every client that has started a server, stop wa-bridge if it runs, and run the command again.',
  );
}

/** A size for a person. */
export function shownBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
