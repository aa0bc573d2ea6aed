import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyDatabase, isInUse, withSidecars } from '../../../src/store/sqlite/backup.ts';
import { MessagesDb } from '../../support/rows/messages-db.ts';

let db: MessagesDb;
let copy: string;
beforeEach(() => {
  db = new MessagesDb();
  copy = join(db.folder, 'copies', 'messages.db');
});
afterEach(() => db.close());

function count(path: string): unknown {
  const opened = new Database(path, { readonly: true });
  try {
    return opened.prepare('SELECT COUNT(*) FROM messages').pluck().get();
  } finally {
    opened.close();
  }
}

describe('A copy of a database', () => {
  test('holds all commits, including those in the log, in one file for its user alone', async () => {
    const chat = db.chat('15550101@s.whatsapp.net');
    for (let n = 0; n < 50; n++) db.message(chat, { content: 'x' });
    expect(statSync(`${db.paths.messages}-wal`).size).toBeGreaterThan(0);
    db.db.exec('BEGIN');
    db.message(chat, { content: 'not yet' });
    await copyDatabase(db.paths.messages, copy);
    db.db.exec('ROLLBACK');
    expect(count(copy)).toBe(50);
    expect(readdirSync(join(db.folder, 'copies'))).toEqual(['messages.db']);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
  });

  test('never replaces another file', async () => {
    await copyDatabase(db.paths.messages, copy);
    await expect(copyDatabase(db.paths.messages, copy)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(count(copy)).toBe(0);
  });

  test('leaves nothing behind when the source is not a database', async () => {
    const broken = join(db.folder, 'broken.db');
    writeFileSync(broken, 'no database at all, but long enough to look at'.repeat(100));
    await expect(copyDatabase(broken, copy)).rejects.toThrow();
    expect(withSidecars(copy).filter((path) => existsSync(path))).toEqual([]);
  });
});

describe('A database', () => {
  test('is in use while this process has it open', () => {
    expect(isInUse(db.paths.messages)).toBe(true);
  });

  test('is in use while another process has it open, reading or idle, and free once that has ended', async () => {
    const path = join(db.folder, 'other.db');
    const made = new Database(path);
    made.pragma('journal_mode = WAL');
    made.exec('CREATE TABLE t (a)');
    made.close();
    expect(isInUse(path)).toBe(false);
    const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
    const code = `const db = new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(path)}); db.prepare('SELECT * FROM t').all(); console.log('open'); process.stdin.resume();`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      expect(isInUse(path)).toBe(true);
      const other = new Database(path);
      other.exec('INSERT INTO t VALUES (1)'); // the check took no lock
      other.close();
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'close');
    expect(isInUse(path)).toBe(false);
  });
});
