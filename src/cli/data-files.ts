import { existsSync, lstatSync } from 'node:fs';
import type { bridgePaths, DataPaths } from '../config.ts';
import { isInUse, withSidecars } from '../store/backup.ts';
import { createDeviceLock } from '../store/lock.ts';
import { Refusal } from './refusal.ts';

export interface DataFile {
  path: string;
  bytes: number;
}

/**
 * Files that either program made in the data directory, those beside a database included; the user's own `.env` is none
 * of them.
 */
export function ownFiles(
  { env: _env, ...databases }: DataPaths,
  { address, token, session, lock: bridgeLock }: ReturnType<typeof bridgePaths>,
): DataFile[] {
  const { lock } = databases;
  const paths = [
    ...[...Object.values(databases), session, bridgeLock].flatMap(withSidecars),
    ...[`${lock}.owner`, `${lock}.owner.new`, address, token],
  ];
  return paths.flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found?.isFile() ? [{ path, bytes: found.size }] : [];
  });
}

/** Throws Refusal while a server, wa-bridge (it has messages.db open) or another command works with the data. */
export function assertUnused({ env: _env, lock, ...databases }: DataPaths): void {
  const owner = existsSync(lock) ? createDeviceLock(lock).owner() : null;
  const used = Object.values(databases).filter((path) => existsSync(path) && isInUse(path));
  if (owner === null && used.length === 0) return;
  const who = owner?.pid ? `Process ${owner.pid}` : 'A server, wa-bridge or another command';
  throw new Refusal(
    `${who} is using the data.`,
    'End every client that has started a server, stop wa-bridge if it runs, and run the command again.',
  );
}

/** A size for a person. */
export function shownBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
