import { existsSync, lstatSync } from 'node:fs';
import type { DataPaths } from '../config.ts';
import { isInUse, withSidecars } from '../store/backup.ts';
import { createDeviceLock } from '../store/lock.ts';
import { Refusal } from './refusal.ts';

export interface DataFile {
  path: string;
  bytes: number;
}

/** Files that we made in the data directory, those beside a database included; the user's own `.env` is none of them. */
export function ownFiles({ env: _env, ...databases }: DataPaths): DataFile[] {
  const { lock } = databases;
  return [...Object.values(databases).flatMap(withSidecars), `${lock}.owner`, `${lock}.owner.new`].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found?.isFile() ? [{ path, bytes: found.size }] : [];
  });
}

/** Throws Refusal while a server or another command works with the data. */
export function assertUnused({ env: _env, lock, ...databases }: DataPaths): void {
  const owner = existsSync(lock) ? createDeviceLock(lock).owner() : null;
  const used = Object.values(databases).filter((path) => existsSync(path) && isInUse(path));
  if (owner === null && used.length === 0) return;
  const who = owner?.pid ? `Process ${owner.pid}` : 'A server or another command';
  throw new Refusal(
    `${who} is using the data.`,
    'End every client that has started a server, and run the command again.',
  );
}

/** A size for a person. */
export function shownBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
