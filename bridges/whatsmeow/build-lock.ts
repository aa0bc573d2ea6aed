import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../src/domain/errors.ts';
import { isSameProcess, startOf } from '../../src/system/process.ts';

const pollMs = 50;
/** How often to check whether the owner still runs, ms: on some systems the check starts a program. */
const ownerMs = 500;
/** Longer than any build of the program. */
const defaultMaxWaitMs = 20 * 60_000;

export interface LockOptions {
  /** Aborts the wait at once. */
  signal?: AbortSignal;
  maxWaitMs?: number;
}

/**
 * Runs work in one process at a time; other processes wait. The lock is a folder with the id and start time of its
 * process. A lock of a killed process is ignored, even when another process has its id now. Rejects with `timeout` that
 * names the owner, and with the reason of the signal.
 */
export async function whileLocked<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await taken(path, options);
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

async function taken(path: string, { signal, maxWaitMs = defaultMaxWaitMs }: LockOptions): Promise<void> {
  const begun = performance.now();
  let askAt = begun;
  for (;;) {
    signal?.throwIfAborted();
    if (take(path)) return;
    const now = performance.now();
    if (now - begun >= maxWaitMs) throw tooLong(path);
    if (now >= askAt) {
      if (removeAbandoned(path)) continue;
      askAt = now + ownerMs;
    }
    await pause(pollMs, undefined, signal && { signal });
  }
}

function tooLong(path: string): AppError {
  const who = noteIn(path)?.split('\n', 1)[0] ?? 'unknown';
  return new AppError(
    'timeout',
    `Process ${who} has had the lock ${path} for too long. End that process, or remove the folder when it has nothing to do with wa-bridge.`,
  );
}

/** Fills a folder before renaming it, so that a lock always names its process. */
function take(path: string): boolean {
  const draft = unique(path);
  mkdirSync(draft);
  writeFileSync(join(draft, 'pid'), [process.pid, startOf(process.pid) ?? ''].join('\n'));
  if (rename(draft, path)) return true;
  rmSync(draft, { recursive: true, force: true });
  return false;
}

const unique = (path: string): string => `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;

/** False when the target exists, or the source does not. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOENT'].includes(code)) throw error;
    return false;
  }
}

function noteIn(path: string): string | undefined {
  try {
    return readFileSync(join(path, 'pid'), 'utf8');
  } catch {
    return undefined; // released at this moment
  }
}

/**
 * Renames the lock before removing it: of two waiting processes, the slower one must not remove the lock of the faster
 * one.
 */
function removeAbandoned(path: string): boolean {
  const note = noteIn(path);
  const [pid = '', start = ''] = note?.split('\n') ?? [];
  if (note === undefined || isSameProcess(Number(pid), start || undefined)) return false;
  const away = unique(path);
  if (!rename(path, away)) return true;
  if (noteIn(away) !== note && rename(away, path)) return false;
  rmSync(away, { recursive: true, force: true });
  return true;
}
