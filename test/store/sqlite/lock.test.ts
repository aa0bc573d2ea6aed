import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDeviceLock } from '../../../src/store/sqlite/lock.ts';
import { compiled } from '../../support/setup/compiled.ts';

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'baileys', 'lock.db');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A second process that tries to take the lock, reports the result, and then waits. */
async function otherProcess(): Promise<{ child: ChildProcess; acquired: boolean }> {
  const script = `
    import { createDeviceLock } from ${JSON.stringify(join(process.cwd(), 'src/store/sqlite/lock.ts'))};
    const lock = createDeviceLock(${JSON.stringify(path)});
    process.stdout.write(String(lock.tryAcquire()));
    process.stdin.on('data', () => { lock.release(); process.exit(0); });`;
  const child = spawn(process.execPath, [compiled({ text: script })]);
  children.push(child);
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, acquired: answer.toString() === 'true' };
}

test('there is one owner at a time, also within one process, and acquiring twice counts once', () => {
  const lock = createDeviceLock(path);
  const second = createDeviceLock(path);
  expect(lock.owner()).toBeNull();
  expect(lock.tryAcquire()).toBe(true);
  expect(lock.tryAcquire()).toBe(true);
  expect(second.tryAcquire()).toBe(false);
  expect(second.owner()?.pid).toBe(process.pid);
  lock.release();
  expect(second.owner()).toBeNull();
  expect(second.tryAcquire()).toBe(true);
  second.release();
  lock.release();
});

test('another process is refused and can read who owns it', async () => {
  const lock = createDeviceLock(path);
  expect(lock.tryAcquire()).toBe(true);
  expect((await otherProcess()).acquired).toBe(false);
  lock.release();
  const other = await otherProcess();
  expect(other.acquired).toBe(true);
  expect(lock.tryAcquire()).toBe(false);
  const owner = lock.owner();
  expect(owner?.pid).toBe(other.child.pid);
  expect(Date.now() - Date.parse(owner?.started ?? '')).toBeLessThan(60_000);
});

test('a second check by the owner’s own process does not release the lock', async () => {
  const lock = createDeviceLock(path);
  expect(lock.tryAcquire()).toBe(true);
  expect(createDeviceLock(path).tryAcquire()).toBe(false);
  expect(createDeviceLock(path).owner()?.pid).toBe(process.pid);
  expect((await otherProcess()).acquired).toBe(false);
  lock.release();
});

test('a killed owner leaves the lock free, and its name is ignored', async () => {
  const lock = createDeviceLock(path);
  const { child } = await otherProcess();
  expect(lock.tryAcquire()).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(`${path}.owner`)).toBe(true);
  expect(lock.owner()).toBeNull();
  expect(lock.tryAcquire()).toBe(true);
  expect(lock.owner()?.pid).toBe(process.pid);
  lock.release();
});

test('an owner that exits normally removes its name', async () => {
  const { child } = await otherProcess();
  expect(statSync(`${path}.owner`).mode & 0o777).toBe(0o600);
  child.stdin?.write('end\n');
  await once(child, 'exit');
  expect(existsSync(`${path}.owner`)).toBe(false);
  expect(createDeviceLock(path).owner()).toBeNull();
});
