import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from '../../src/system/process.ts';

const pollMs = 50;

/**
 * Work that one process at a time does, whoever comes second waiting: the lock is a folder with the number of its process
 * in it. That of a process which was killed counts for nothing.
 */
export async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!take(path)) {
    if (isAbandoned(path)) rmSync(path, { recursive: true, force: true });
    else await pause(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** A folder that is filled before it gets its name never stands there without the number. */
function take(path: string): boolean {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  mkdirSync(draft);
  writeFileSync(join(draft, 'pid'), String(process.pid));
  try {
    renameSync(draft, path);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return false;
  }
}

function isAbandoned(path: string): boolean {
  try {
    return !isRunning(Number(readFileSync(join(path, 'pid'), 'utf8')));
  } catch {
    return false; // released at this moment
  }
}
