import { existsSync, rmSync } from 'node:fs';
import { createDeviceLock } from '../../store/sqlite/lock.ts';
import { clockFolders, draftsIn } from '../data-folder.ts';
import { sweepTemporaryDirs } from '../temporary-dir.ts';
import { type Check, type DoctorEnvironment, ok } from './check.ts';

/** What a process left that was killed: the name of an owner without its lock, folders that served for a moment, databases that were being made. */
function found({ config: { dataDir }, paths: { lock }, isAlive }: DoctorEnvironment): string[] {
  if (!existsSync(dataDir)) return [];
  const probes = clockFolders(dataDir);
  const drafts = draftsIn(dataDir).flatMap(({ path, pid }) => (isAlive(pid) ? [] : [path]));
  const names = [`${lock}.owner`, `${lock}.owner.new`].filter((path) => existsSync(path));
  const stale = names.length > 0 && createDeviceLock(lock).owner() === null ? names : [];
  return [...probes, ...drafts, ...stale];
}

/** Under the lock itself, so that nobody who takes it in this moment loses his name. */
function removeOwner(lock: string): void {
  if (!existsSync(lock)) return;
  const device = createDeviceLock(lock);
  if (device.tryAcquire()) device.release();
}

/** They are in nobody's way, so they are no reason to warn. */
export const staleFiles: Check = {
  name: 'left-overs',
  run(site) {
    const { length } = found(site);
    return ok(length === 0 ? 'None.' : `${length} of a process that was killed; harmless, and --fix removes them.`);
  },
  mend(site) {
    const paths = found(site);
    removeOwner(site.paths.lock);
    for (const path of paths.filter((one) => !one.startsWith(site.paths.lock)))
      rmSync(path, { recursive: true, force: true });
    const removed = paths.length + sweepTemporaryDirs();
    return removed === 0 ? null : `Removed ${removed} files or folders of processes that were killed.`;
  },
};
