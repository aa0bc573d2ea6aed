import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process of this machine runs; true where it belongs to somebody else. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * When a process began, as text to compare: a number that the system gave to another process since has another start.
 * Undefined where the process is gone or the system does not say (Windows). On Linux `<boot id>:<clock ticks>`, on macOS
 * what `ps -o lstart=` prints; wa-bridge writes the same.
 */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxStart(pid);
    if (process.platform === 'darwin') return macStart(pid);
  } catch {
    // gone, or hidden from us
  }
  return undefined;
}

function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may hold anything; the start is the 22nd field, the 20th after it.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return ticks === undefined ? undefined : `${boot}:${ticks}`;
}

function macStart(pid: number): string | undefined {
  const text = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.trim() || undefined;
}

/**
 * Whether this process still is the one that was noted: it runs, and began when the note says. A note without a start, or
 * a system that tells none, leaves only the number to go by.
 */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  if (!isRunning(pid)) return false;
  const now = startOf(pid);
  return start === undefined || now === undefined || now === start;
}
