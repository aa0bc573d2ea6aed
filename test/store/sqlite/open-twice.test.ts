import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAuth } from '../../../src/store/auth.ts';
import { openWriter } from '../../../src/store/sqlite/database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whatsapp-open-twice-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');

/** Another process checks whether it can have the file for itself, and then closes it as the last user. */
function visit(path: string): string {
  const look = `db.pragma('locking_mode = EXCLUSIVE'); db.exec('BEGIN EXCLUSIVE; COMMIT');`;
  const code = `const db = new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(path)}, { timeout: 0 });
    try { ${look} console.log('alone'); } catch (error) { console.log(error.code); } finally { db.close(); }`;
  return spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' }).stdout.trim();
}

function openAndWrite(path: string) {
  const db = openWriter(path);
  db.exec('CREATE TABLE IF NOT EXISTS t (a)');
  return db;
}

test.each([
  ['a writer', openAndWrite],
  ['the credentials', (path: string) => openAuth(path)],
])('%s, opened a second time by its process, keeps its log when another process comes and goes', (_, open) => {
  const path = join(folder, 'data.db');
  const first = open(path);
  const second = open(path); // closing any handle of a file releases every lock that the process has on it (POSIX)
  expect(visit(path)).toBe('SQLITE_BUSY');
  expect(existsSync(`${path}-wal`)).toBe(true);
  second.close();
  first.close();
});
