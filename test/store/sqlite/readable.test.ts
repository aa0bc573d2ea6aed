import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataPaths } from '../../../src/config.ts';
import { openMessages } from '../../../src/store/opening/open-messages.ts';
import { ensureDatabases, openWriter } from '../../../src/store/sqlite/database.ts';
import { openReadable } from '../../../src/store/sqlite/readable.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'readable-'));
  path = join(folder, 'messages.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a writable file is followed, and stale once another file has its name', () => {
  ensureDatabases({ messages: path });
  const open = openReadable(path);
  expect(open).toMatchObject({ isCopy: false, fault: null });
  const writer = openWriter(path);
  writer.exec("INSERT INTO meta VALUES ('news', '1')");
  expect(open.db.prepare("SELECT value FROM meta WHERE key = 'news'").pluck().get()).toBe('1');
  expect(open.isStale()).toBe(false);
  writer.close();
  copyFileSync(path, `${path}.new`);
  rmSync(path);
  expect(open.isStale()).toBe(true);
  copyFileSync(`${path}.new`, path);
  expect(open.isStale()).toBe(true);
  open.db.close();
});

test('it cannot be written to', () => {
  ensureDatabases({ messages: path });
  const { db } = openReadable(path);
  expect(() => db.exec("INSERT INTO meta VALUES ('a', 'b')")).toThrow(/readonly/);
  db.close();
});

test('a file that is not a database is refused and stays unchanged', () => {
  const text = 'a shopping list\n'.repeat(400);
  const file = openSync(path, 'w');
  writeSync(file, text);
  closeSync(file);
  expect(() => openReadable(path)).toThrow(expect.objectContaining({ code: 'SQLITE_NOTADB' }));
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a messages.db of another program is refused and stays unchanged', () => {
  const foreign = openWriter(path);
  foreign.pragma('journal_mode = DELETE');
  foreign.exec('CREATE TABLE chats (name TEXT); CREATE TABLE messages (text TEXT)');
  foreign.close();
  const before = readFileSync(path);
  const paths = dataPaths(folder);
  const refusal = { code: 'store_unavailable', message: expect.stringMatching(/another program/) };
  expect(() => openMessages(paths)).toThrow(expect.objectContaining(refusal));
  expect(() => ensureDatabases(paths)).toThrow(expect.objectContaining(refusal));
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(`${path}-wal`)).toBe(false);
});
