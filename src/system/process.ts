import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process of this machine runs; true also for a process of another user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * When a process began, as text to compare: a reused process id has another start.
 * Undefined where the process is gone or the system does not report it (Windows). On Linux `<boot id>:<clock ticks>`,
 * on macOS the output of `ps -o lstart=`; wa-bridge writes the same.
 */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxStart(pid);
    if (process.platform === 'darwin') return macStart(pid);
  } catch {
    // the process is gone or hidden from us
  }
  return undefined;
}

function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in brackets and may contain anything; the start is field 22, the 20th after the name.
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
 * Whether this is still the recorded process: it runs, and began at the recorded time. Without a recorded start, or on
 * systems that report none, only the id counts.
 */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  if (!isRunning(pid)) return false;
  const now = startOf(pid);
  return start === undefined || now === undefined || now === start;
}
