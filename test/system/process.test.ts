import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning, isSameProcess, startOf } from '../../src/system/process.ts';

const children: ReturnType<typeof spawn>[] = [];
const child = () => {
  const started = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  children.push(started);
  return started;
};
const gone = () => spawnSync(process.execPath, ['-e', '']).pid;

afterEach(() => {
  for (const one of children.splice(0)) one.kill('SIGKILL');
});

describe('A process', () => {
  it('runs until it has ended, whoever owns it', () => {
    expect(isRunning(process.pid)).toBe(true);
    expect(isRunning(1)).toBe(true);
    expect(isRunning(gone())).toBe(false);
  });

  it.runIf(process.platform !== 'win32')(
    'is distinguished by its start from a later one with the same id',
    async () => {
      const first = child();
      await once(first, 'spawn');
      const start = startOf(first.pid as number);
      expect(start).toMatch(/\d/);
      expect(startOf(first.pid as number)).toBe(start);
      expect(isSameProcess(first.pid as number, start)).toBe(true);
      expect(isSameProcess(first.pid as number, `${start}1`)).toBe(false);
      expect(startOf(gone())).toBeUndefined();
    },
  );

  it('is known by its id alone without a recorded start, and never after its end', () => {
    expect(isSameProcess(process.pid, undefined)).toBe(true);
    expect(isSameProcess(gone(), undefined)).toBe(false);
  });
});
