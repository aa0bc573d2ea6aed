import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ensureDatabases,
  isBusy,
  isCorrupt,
  knownVersion,
  migrate,
  migrationsFolder,
  openQueryOnly,
  openWriter,
  readMigrations,
  requireCompatible,
  schemaVersion,
} from '../../../src/store/sqlite/database.ts';
import { compiled } from '../../support/setup/compiled.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-'));
  path = join(folder, 'data', 'messages.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const mode = (file: string) => statSync(file).mode & 0o777;

describe('opening', () => {
  test('the folder is private and so is every file that SQLite makes in it', () => {
    const db = openWriter(path);
    db.exec('CREATE TABLE t (a)');
    expect(mode(join(folder, 'data'))).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm']) expect(mode(path + suffix), suffix).toBe(0o600);
    db.close();
  });

  test('a writer uses the write-ahead log, checks foreign keys and waits for a lock', () => {
    const db = openWriter(path);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(db.pragma('synchronous', { simple: true })).toBe(1);
    expect(db.pragma('busy_timeout', { simple: true })).toBe(5000);
    db.close();
  });

  test('the main thread cannot write, and gives up on a lock after 50 ms', () => {
    ensureDatabases({ messages: path });
    const db = openQueryOnly(path);
    expect(db.pragma('busy_timeout', { simple: true })).toBe(50);
    expect(() => db.prepare("INSERT INTO meta VALUES ('a', 'b')").run()).toThrow(/readonly/);
    db.close();
  });

  test('reading does not create a missing file', () => {
    expect(() => openQueryOnly(join(folder, 'absent.db'))).toThrow();
  });

  test('a damaged file and a locked one give different errors', () => {
    writeFileSync(join(folder, 'damaged.db'), 'x'.repeat(5000));
    const damage = thrownBy(() => openQueryOnly(join(folder, 'damaged.db')).exec('SELECT * FROM t'));
    expect([isCorrupt(damage), isBusy(damage)]).toEqual([true, false]);
    ensureDatabases({ messages: path });
    const writer = openWriter(path);
    const second = openQueryOnly(path);
    second.pragma('query_only = OFF');
    writer.exec('BEGIN IMMEDIATE');
    const lock = thrownBy(() => second.exec('BEGIN IMMEDIATE'));
    expect([isCorrupt(lock), isBusy(lock)]).toEqual([false, true]);
    expect([isCorrupt(new Error('no')), isBusy(undefined)]).toEqual([false, false]);
    writer.close();
    second.close();
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('migrations', () => {
  const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);

  test('run once each, in the order of their numbers', () => {
    write('002_second.sql', 'INSERT INTO steps VALUES (2);');
    write('010_tenth.sql', 'INSERT INTO steps VALUES (10);');
    write('001_first.sql', 'CREATE TABLE steps (n); INSERT INTO steps VALUES (1);');
    write('notes.txt', 'not a migration');
    const db = openWriter(path);
    migrate(db, folder);
    migrate(db, folder);
    expect(db.prepare('SELECT n FROM steps').pluck().all()).toEqual([1, 2, 10]);
    expect(schemaVersion(db)).toBe(10);
    expect(knownVersion(folder)).toBe(10);
    db.close();
  });

  test('a failed one leaves nothing behind', () => {
    write('001_first.sql', 'CREATE TABLE kept (n);');
    write('002_broken.sql', 'CREATE TABLE lost (n); INSERT INTO nowhere VALUES (1);');
    const db = openWriter(path);
    expect(() => migrate(db, folder)).toThrow(/nowhere/);
    expect(schemaVersion(db)).toBe(1);
    expect(db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()).toEqual(['kept']);
    db.close();
  });

  test('a newer file is refused unless it allows this version', () => {
    const db = openWriter(path);
    migrate(db);
    const known = knownVersion();
    db.pragma(`user_version = ${known + 1}`);
    expect(() => migrate(db)).not.toThrow();
    db.prepare("UPDATE meta SET value = ? WHERE key = 'min_writer'").run(String(known + 1));
    expect(() => migrate(db)).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
    expect(() => requireCompatible(db, 'min_reader')).not.toThrow();
    expect(() => ensureDatabases({ messages: path })).not.toThrow();
    db.prepare("UPDATE meta SET value = ? WHERE key = 'min_reader'").run(String(known + 1));
    expect(() => ensureDatabases({ messages: path })).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
    db.prepare("DELETE FROM meta WHERE key = 'min_reader'").run();
    expect(() => requireCompatible(db, 'min_reader')).toThrow(/schema version/);
    db.close();
  });

  test('a running older wa-bridge prevents a migration', () => {
    const all = join(folder, 'all');
    cpSync(migrationsFolder(), all, { recursive: true });
    const known = knownVersion();
    const db = openWriter(path);
    migrate(db, all);
    writeFileSync(join(all, '999_next.sql'), 'CREATE TABLE next (n);');
    const bridge = openWriter(join(folder, 'data', 'whatsmeow.lock.db'));
    bridge.pragma('journal_mode = DELETE');
    bridge.exec('BEGIN EXCLUSIVE');
    const says = (schema: number) => {
      const row = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('whatsmeow_schema', ?)");
      row.run(String(schema));
    };
    const refused = (schema: number) => {
      const message = expect.stringMatching(`up to schema version ${schema};.*End that wa-bridge`);
      expect(() => migrate(db, all)).toThrow(expect.objectContaining({ code: 'schema_mismatch', message }));
      expect(schemaVersion(db)).toBe(known);
    };
    refused(0); // an old bridge that does not write its schema version
    says(known);
    refused(known);
    says(999);
    expect(() => migrate(db, all)).not.toThrow();
    expect(schemaVersion(db)).toBe(999);
    writeFileSync(join(all, '9999_last.sql'), 'CREATE TABLE last (n);');
    bridge.exec('ROLLBACK'); // the bridge has ended
    expect(() => migrate(db, all)).not.toThrow();
    expect(schemaVersion(db)).toBe(9999);
    bridge.close();
    db.close();
  });

  test('processes that create the same file at once all succeed, and each step runs once', async () => {
    const script = `
      import { ensureDatabases } from ${JSON.stringify(join(process.cwd(), 'src/store/sqlite/database.ts'))};
      process.stdin.once('data', () => { ensureDatabases({ messages: ${JSON.stringify(path)} }); process.exit(0); });
      process.stdout.write('ready');`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [compiled({ text: script })], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const exits = children.map((child) => once(child, 'exit'));
    for (const child of children) child.stdin.write('go');
    expect((await Promise.all(exits)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
    const db = openWriter(path);
    expect(schemaVersion(db)).toBe(knownVersion());
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT key FROM meta ORDER BY key').pluck().all()).toEqual([
      'min_reader',
      'min_writer',
      'store_id',
    ]);
    db.close();
  });
});

describe('prepared statements', () => {
  test.each([
    ['a writer', openWriter],
    ['a reader', openQueryOnly],
  ])('of %s are cached, once per mode', (_, open) => {
    openWriter(path).close();
    const db = open(path);
    const sql = 'SELECT 7 AS held';
    const rows = db.prepare(sql);
    const values = rows.pluck();
    expect(db.prepare(sql)).toBe(rows);
    expect(db.prepare(sql).pluck()).toBe(values);
    expect([rows.get(), values.get(), rows.get()]).toEqual([{ held: 7 }, 7, { held: 7 }]);
    db.close();
  });

  test('follow a changed schema', () => {
    const db = openWriter(path);
    db.exec('CREATE TABLE t (a)');
    db.prepare('INSERT INTO t VALUES (1)').run();
    expect(db.prepare('SELECT * FROM t').get()).toEqual({ a: 1 });
    db.exec('ALTER TABLE t ADD COLUMN b DEFAULT 2');
    expect(db.prepare('SELECT * FROM t').get()).toEqual({ a: 1, b: 2 });
    db.close();
  });

  test('do not pile up when statements are built from values', () => {
    const db = openWriter(path);
    const first = db.prepare('SELECT -1');
    for (let n = 0; n < 1000; n++) db.prepare(`SELECT ${n}`);
    expect(db.prepare('SELECT -1')).not.toBe(first);
    expect(first.pluck().get()).toBe(-1);
    db.close();
  });
});

test('Each migration has a number of its own, one after the other', () => {
  const versions = readMigrations(migrationsFolder()).map(({ version }) => version);
  expect(versions, 'two migrations with one number: the second would never run').toEqual(
    versions.map((_, index) => index + 1),
  );
});
