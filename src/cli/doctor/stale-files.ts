import { existsSync, rmSync } from 'node:fs';
import { createDeviceLock } from '../../store/sqlite/lock.ts';
import { clockFolders, draftsIn } from '../data/folder.ts';
import { sweepTemporaryDirs } from '../temporary-dir.ts';
import { type Check, type DoctorEnvironment, ok } from './check.ts';

/** Leftovers of killed processes: the owner of a lock that is gone, temporary folders, unfinished databases. */
function found({ config: { dataDir }, paths: { lock }, isAlive }: DoctorEnvironment): string[] {
  if (!existsSync(dataDir)) return [];
  const probes = clockFolders(dataDir);
  const drafts = draftsIn(dataDir).flatMap(({ path, pid }) => (isAlive(pid) ? [] : [path]));
  const names = [`${lock}.owner`, `${lock}.owner.new`].filter((path) => existsSync(path));
  const stale = names.length > 0 && createDeviceLock(lock).owner() === null ? names : [];
  return [...probes, ...drafts, ...stale];
}

/** Removes it while holding the lock, so that a new owner keeps its name. */
function removeOwner(lock: string): void {
  if (!existsSync(lock)) return;
  const device = createDeviceLock(lock);
  if (device.tryAcquire()) device.release();
}

/** Leftovers do no harm, so this check never warns. */
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
