import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDeviceLock } from '../../store/sqlite/lock.ts';
import { sweepTemporaryDirs } from '../temporary-dir.ts';
import { type Check, type DoctorEnvironment, ok } from './check.ts';
import { probeName } from './files.ts';

/** Leftovers of killed processes: the owner of a lock that is gone, temporary folders, unfinished databases. */
function found({ config: { dataDir }, paths: { lock }, isAlive }: DoctorEnvironment): string[] {
  if (!existsSync(dataDir)) return [];
  const inside = readdirSync(dataDir);
  const probes = inside.filter((name) => new RegExp(`^${probeName}[A-Za-z0-9]{6}$`).test(name));
  const drafts = inside.filter((name) => {
    const [, pid] = /^messages\.db\.(\d+)\.(?:new|draft)/.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  const names = [`${lock}.owner`, `${lock}.owner.new`].filter((path) => existsSync(path));
  const stale = names.length > 0 && createDeviceLock(lock).owner() === null ? names : [];
  return [...[...probes, ...drafts].map((name) => join(dataDir, name)), ...stale];
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
