import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../config.ts';
import { createDeviceLock } from '../store/sqlite/lock.ts';
import { isSameProcess, startOf } from '../system/process.ts';

const prefix = 'whatsapp-hybrid-mcp-';
/**
 * A file in the directory with the start time of its process. Without it, a reused process id would keep the directory
 * for ever.
 */
const startName = 'process-start';
const name = new RegExp(`^${prefix}(\\d+)-[A-Za-z0-9]{6}$`);

/** A new directory of this process. First removes directories of killed processes. */
export function createTemporaryDir(parent = tmpdir()): string {
  sweepTemporaryDirs(parent);
  const dir = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  writeFileSync(join(dir, startName), startOf(process.pid) ?? '', { mode: 0o600 });
  return dir;
}

/** Removes directories of killed processes; returns how many. */
export function sweepTemporaryDirs(parent = tmpdir()): number {
  return abandonedDirs(parent).filter(remove).length;
}

function remove(dir: string): boolean {
  try {
    rmSync(dir, { recursive: true, force: true });
    return true;
  } catch {
    return false; // another process is removing it, or it is protected: start anyway
  }
}

/** Our directories whose process has ended; never a link, and never one of another user. */
function abandonedDirs(parent: string): string[] {
  return readdirSync(parent).flatMap((entry) => {
    const pid = name.exec(entry)?.[1];
    const dir = join(parent, entry);
    return pid !== undefined && isOurs(dir) && !isSameProcess(Number(pid), startIn(dir)) && isFree(dir) ? [dir] : [];
  });
}

function startIn(dir: string): string | undefined {
  try {
    return readFileSync(join(dir, startName), 'utf8') || undefined;
  } catch {
    return undefined; // from an earlier version, or the process was killed before writing it
  }
}

function isOurs(dir: string): boolean {
  const found = lstatSync(dir, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
}

/** A process id from another container means nothing here, but its lock works here too. */
function isFree(dir: string): boolean {
  const { lock } = dataPaths(dir);
  if (!lstatSync(lock, { throwIfNoEntry: false })) return true;
  try {
    return createDeviceLock(lock).owner() === null;
  } catch {
    return false;
  }
}
