import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package.ts';
import { isRunning } from '../../../src/system/process.ts';

const memory = '/dev/shm';
const prefix = 'whatsapp-hybrid-mcp-tests-';
const needed = 4 * 1024 ** 3;

/** True where a memory file system has room and can run programs: a commit there does not wait for a disk. */
function hasRoom(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { bavail, bsize } = statfsSync(memory);
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const options = mounts.map((line) => line.split(' ')).find(([, folder]) => folder === memory)?.[3] ?? 'noexec';
    return !options.split(',').includes('noexec') && Math.min(bavail * bsize, freemem()) >= needed;
  } catch {
    return false;
  }
}

/** The memory folder for temporary files of this run; undefined where memory has no room. */
export const memoryFolder: string | undefined = hasRoom() ? join(memory, `${prefix}${process.pid}`) : undefined;

const caches = join(packageRoot(), 'node_modules', '.cache');

/** The folder for programs that tests compile, by the run's main process; below node_modules, to find packages. */
export const compiledFolder = (leader: number): string => join(caches, `${prefix}${leader}`);

/** Removes the folders of killed runs: their process is gone, and they have not changed for an hour. */
export function removeLeftovers(folder: string, now = Date.now()): void {
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    const path = join(folder, name);
    if (!Number.isInteger(pid) || isRunning(pid)) continue;
    if (now - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

/** Creates the folders of this run before its first test, and removes them after the last. */
export default function setup(): () => void {
  mkdirSync(caches, { recursive: true });
  const parents = memoryFolder === undefined ? [caches] : [caches, memory];
  for (const parent of parents) removeLeftovers(parent);
  const folders = parents.map((parent) => join(parent, `${prefix}${process.pid}`));
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
