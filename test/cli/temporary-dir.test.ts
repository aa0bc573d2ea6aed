import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTemporaryDir } from '../../src/cli/temporary-dir.ts';
import { dataPaths } from '../../src/config.ts';
import { createDeviceLock } from '../../src/store/sqlite/lock.ts';

const gone = spawnSync(process.execPath, ['--version']).pid;
let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'sweep-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** A directory of a killed process. */
function leftBy(pid: number | string, ending = 'aB3xY9'): string {
  const dir = join(parent, `whatsapp-hybrid-mcp-${pid}-${ending}`);
  mkdirSync(join(dir, 'baileys'), { recursive: true });
  writeFileSync(join(dir, 'messages.db'), 'rows');
  return dir;
}

test('What a killed process left is removed by the next one, which gets a directory with its own number', () => {
  const left = leftBy(gone);
  const lock = createDeviceLock(dataPaths(left).lock);
  lock.tryAcquire();
  lock.release();
  const dir = createTemporaryDir(parent);
  expect(readdirSync(parent)).toEqual([basename(dir)]);
  expect(basename(dir)).toMatch(new RegExp(`^whatsapp-hybrid-mcp-${process.pid}-`));
});

test('What may be in use or is not of this kind stays: running owners, held locks, other names, files and links', () => {
  const held = leftBy(gone, 'locked');
  const lock = createDeviceLock(dataPaths(held).lock);
  lock.tryAcquire();
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  writeFileSync(join(elsewhere, 'photo.jpg'), 'x');
  const link = join(parent, `whatsapp-hybrid-mcp-${gone}-linked`);
  symlinkSync(elsewhere, link);
  const file = join(parent, `whatsapp-hybrid-mcp-${gone}-afiles`);
  writeFileSync(file, 'x');
  const kept = [held, leftBy(process.pid), leftBy(1), leftBy('backup'), leftBy(gone, 'too-long-a-name'), file];
  createTemporaryDir(parent);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
  expect(existsSync(link) && existsSync(join(elsewhere, 'photo.jpg'))).toBe(true);
  lock.release();
  rmSync(elsewhere, { recursive: true });
});

test.runIf(process.platform !== 'win32')(
  'What a killed process left goes also when another process has its number now',
  () => {
    const left = leftBy(process.pid);
    writeFileSync(join(left, 'process-start'), 'another start');
    const [own, next] = [createTemporaryDir(parent), createTemporaryDir(parent)];
    expect(readdirSync(parent).sort()).toEqual([basename(own), basename(next)].sort());
  },
);
