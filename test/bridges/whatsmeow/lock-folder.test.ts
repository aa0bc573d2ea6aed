import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whileLocked } from '../../../bridges/whatsmeow/lock-folder.ts';
import { temporaryDir } from '../../support/e2e-program.ts';

function lockOf(pid: number | undefined): string {
  const lock = join(temporaryDir(), 'lock');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(pid));
  return lock;
}

/** The number of a process that has ended. */
const gone = (): number => spawnSync(process.execPath, ['--version']).pid;

test('one at a time does the work, the others wait, and nothing is left behind', async () => {
  const folder = temporaryDir();
  const lock = join(folder, 'lock');
  let [inside, most] = [0, 0];
  const work = async (answer: number) => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
    return answer;
  };
  const answers = await Promise.all([1, 2, 3].map((answer) => whileLocked(lock, () => work(answer))));
  expect(answers).toEqual([1, 2, 3]);
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('work that fails gives the lock back', async () => {
  const lock = join(temporaryDir(), 'lock');
  await expect(whileLocked(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a process that was killed counts for nothing', async () => {
  await expect(whileLocked(lockOf(gone()), async () => 'done')).resolves.toBe('done');
});

test('the lock of a process that runs is waited for', async () => {
  const lock = lockOf(process.pid);
  let done = false;
  const waiting = whileLocked(lock, async () => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toBe(false);
  writeFileSync(join(lock, 'pid'), String(gone()));
  await waiting;
  expect(done).toBe(true);
});
