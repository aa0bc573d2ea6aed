import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { whileLocked } from '../../../bridges/whatsmeow/build-lock.ts';
import { startOf } from '../../../src/system/process.ts';
import { temporaryDir } from '../../support/e2e/program.ts';

function lockOf(pid: number | undefined, start?: string): string {
  const lock = join(temporaryDir(), 'lock');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), start === undefined ? String(pid) : `${pid}\n${start}`);
  return lock;
}

/** The id of a process that has ended. */
const gone = (): number => spawnSync(process.execPath, ['--version']).pid;

test('one process at a time does the work, the others wait, and no file remains', async () => {
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

test.runIf(process.platform !== 'win32')(
  'the lock whose number has another process now counts for nothing',
  async () => {
    for (const pid of [1, process.pid])
      await expect(whileLocked(lockOf(pid, 'another start'), async () => 'done')).resolves.toBe('done');
  },
);

test('several that meet the lock of a killed process do the work one at a time', async () => {
  const lock = lockOf(gone());
  let [inside, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => whileLocked(lock, work)));
  expect([most, existsSync(lock)]).toEqual([1, false]);
});

test('a waiting process ends with the signal and leaves the lock to its owner', async () => {
  const lock = lockOf(process.pid, startOf(process.pid));
  const controller = new AbortController();
  const never = () => Promise.reject(new Error('nobody works'));
  const waiting = whileLocked(lock, never, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toThrow('abort');
  await expect(whileLocked(lock, never, { signal: controller.signal })).rejects.toThrow('abort');
  expect(readdirSync(dirname(lock))).toEqual(['lock']);
});

test('a process that waits too long gets an error with the owner and the fix', async () => {
  const lock = lockOf(process.pid, startOf(process.pid));
  const waiting = whileLocked(lock, async () => {}, { maxWaitMs: 1 });
  await expect(waiting).rejects.toThrow(
    expect.objectContaining({ code: 'timeout', message: expect.stringContaining(`Process ${process.pid} `) }),
  );
  await expect(waiting).rejects.toThrow(lock);
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
