import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../config.ts';
import { createDeviceLock } from '../store/sqlite/lock.ts';
import { isSameProcess, startOf } from '../system/process.ts';

const prefix = 'whatsapp-hybrid-mcp-';
/** In the directory: when its process began. Without it a number that another process has now would keep it for good. */
const startName = 'process-start';
const name = new RegExp(`^${prefix}(\\d+)-[A-Za-z0-9]{6}$`);

/** A new directory of this process. What processes left behind that were killed is removed first. */
export function createTemporaryDir(parent = tmpdir()): string {
  sweepTemporaryDirs(parent);
  const dir = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  writeFileSync(join(dir, startName), startOf(process.pid) ?? '', { mode: 0o600 });
  return dir;
}

/** Removes what processes left behind that were killed; returns how many directories went. */
export function sweepTemporaryDirs(parent = tmpdir()): number {
  return abandoned(parent).filter(remove).length;
}

function remove(dir: string): boolean {
  try {
    rmSync(dir, { recursive: true, force: true });
    return true;
  } catch {
    return false; // somebody else removes it at this moment, or it is protected: no reason not to start
  }
}

/** Directories of ours whose process is gone; never a link, and never one of another user. */
function abandoned(parent: string): string[] {
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
    return undefined; // of an earlier version, or killed before it was written
  }
}

function isOurs(dir: string): boolean {
  const found = lstatSync(dir, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
}

/** The process of a container beside us has a number that means nothing here, but its lock holds here too. */
function isFree(dir: string): boolean {
  const { lock } = dataPaths(dir);
  if (!lstatSync(lock, { throwIfNoEntry: false })) return true;
  try {
    return createDeviceLock(lock).owner() === null;
  } catch {
    return false;
  }
}
