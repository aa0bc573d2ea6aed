import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/cli/refusal.ts';
import { type RestoreOptions, restore } from '../../src/cli/restore/restore.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { dataPaths } from '../../src/config.ts';
import { type Db, migrate } from '../../src/store/sqlite/database.ts';
import { backupWith, hostileBackups } from '../support/salvage/hostile-backups.ts';

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'restore-'));
  file = join(home, 'backup.db');
});
afterEach(() => rmSync(home, { recursive: true }));

const target = () => dataPaths(join(home, 'data')).messages;

async function run(options: RestoreOptions = {}) {
  let output = '';
  const terminal = createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
  const code = await restore(file, { WHATSAPP_DATA_DIR: join(home, 'data') }, options, terminal);
  return { code, output };
}

function read<T>(path: string, sql: string): T[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare<[], T>(sql).pluck().all();
  } finally {
    db.close();
  }
}

const schemaSql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1";

/** The schema that the migrations create. */
function ownSchema(): string[] {
  const db = new Database(':memory:');
  migrate(db as Db);
  const found = db.prepare<[], string>(schemaSql).pluck().all();
  db.close();
  return found;
}

describe('restore of a backup that is', () => {
  test.each(Object.entries(hostileBackups))('%s', async (_, { make, refused, says }) => {
    make(file);
    if (refused !== undefined) {
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toMatch(refused);
      expect(existsSync(join(home, 'data')) ? readdirSync(join(home, 'data')) : []).toEqual([]);
      return;
    }
    const { output } = await run();
    // Before anything is read: a reader that may not write leaves an empty log beside the file.
    expect(readdirSync(join(home, 'data'))).toEqual(['messages.db']);
    expect(output).toMatch(says ?? /^✅ .*messages\.db\n$/);
    expect(read(target(), schemaSql)).toEqual(ownSchema());
    if (!/messages: 1 row left out, because they are too large/.test(output)) {
      expect(read(target(), 'SELECT content FROM messages')).toEqual(['kept ✓']);
    }
    expect(read(target(), 'PRAGMA integrity_check')).toEqual(['ok']);
  });

  test('an older one, whose rows get what the migrations since then make of them', async () => {
    const db = new Database(file);
    const { readMigrations, migrationsFolder } = await import('../../src/store/sqlite/database.ts');
    const [first] = readMigrations(migrationsFolder());
    db.exec(readFileSync(first?.path ?? '', 'utf8'));
    db.exec(
      "INSERT INTO contacts (jid, saved_name) VALUES ('15550101@s.whatsapp.net', 'Ann'); PRAGMA user_version = 1",
    );
    db.close();
    expect(await run()).toMatchObject({ code: 0 });
    expect(read(target(), 'SELECT saved_name FROM contact_names')).toEqual(['Ann']);
  });

  test('the target of a link, or a folder, or a link to nothing', async () => {
    const real = join(home, 'real.db');
    backupWith(real, '');
    symlinkSync(real, file);
    expect(await run()).toMatchObject({ code: 0 });
    rmSync(file);
    file = join(home, 'folder');
    mkdirSync(file);
    rmSync(join(home, 'data'), { recursive: true });
    await expect(run()).rejects.toThrow('no regular file');
    file = join(home, 'dangling');
    symlinkSync(join(home, 'nothing'), file);
    await expect(run()).rejects.toThrow('There is no');
  });

  test('only in its -wal yet: what is committed there counts, what is not does not, and nothing beside it changes', async () => {
    const live = join(home, 'live.db');
    const db = new Database(live);
    db.pragma('journal_mode = WAL');
    db.pragma('wal_autocheckpoint = 0');
    migrate(db as Db);
    db.exec("INSERT INTO chats (jid, kind) VALUES ('15550101@s.whatsapp.net', 'direct')");
    db.pragma('cache_size = 1'); // so that pages reach the log before their commit
    db.exec(`BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO chats (jid, kind) SELECT 'never' || i || '@g.us', 'group' FROM n`);
    for (const ending of ['', '-wal']) writeFileSync(file + ending, readFileSync(live + ending));
    db.exec('ROLLBACK');
    db.close();
    expect(readFileSync(`${file}-wal`).includes('never1@g.us')).toBe(true);
    const before = readFileSync(`${file}-wal`);
    expect(await run()).toMatchObject({ code: 0 });
    expect(read(target(), 'SELECT jid FROM chats')).toEqual(['15550101@s.whatsapp.net']);
    expect(readFileSync(`${file}-wal`).equals(before)).toBe(true);
    expect(readdirSync(home).sort()).toEqual(['backup.db', 'backup.db-wal', 'data', 'live.db']);
  });
});

describe('restore keeps', () => {
  test('the numbers that were given, so that none is given twice', async () => {
    backupWith(file, "UPDATE sqlite_sequence SET seq = 500 WHERE name = 'messages'");
    await run();
    expect(read(target(), "SELECT seq FROM sqlite_sequence WHERE name = 'messages'")).toEqual([500]);
  });

  test('the marks of the account, but not what names the file itself', async () => {
    backupWith(
      file,
      "INSERT OR REPLACE INTO meta VALUES ('account_jid', '15550100@s.whatsapp.net'), ('store_id', 'theirs')",
    );
    await run();
    expect(read(target(), "SELECT value FROM meta WHERE key = 'account_jid'")).toEqual(['15550100@s.whatsapp.net']);
    expect(read(target(), "SELECT value FROM meta WHERE key = 'store_id'")).not.toEqual(['theirs']);
  });
});

describe('restore --replace', () => {
  test('puts the backup in place of what is there, keeps that beside it, and drops its search index', async () => {
    mkdirSync(join(home, 'data'), { mode: 0o700 });
    writeFileSync(target(), 'damaged'.repeat(1000));
    writeFileSync(join(home, 'data', 'search.db'), '');
    backupWith(file, '');
    await expect(run()).rejects.toThrow('is there already');
    const { code, output } = await run({ replace: true });
    expect(code).toBe(0);
    const names = readdirSync(join(home, 'data')).sort();
    expect(names).toEqual(['messages.db', expect.stringMatching(/^messages\.db\.before-\d{8}T\d{6}Z$/)]);
    expect(output).toContain(names[1]);
    expect(readFileSync(join(home, 'data', names[1] ?? ''), 'utf8')).toMatch(/^damaged/);
    expect(read(target(), 'SELECT content FROM messages')).toEqual(['kept ✓']);
  });

  test('leaves what is there as it is when the backup is none', async () => {
    mkdirSync(join(home, 'data'), { mode: 0o700 });
    backupWith(target(), '');
    const before = readFileSync(target());
    writeFileSync(file, 'no database');
    await expect(run({ replace: true })).rejects.toThrow('no SQLite database');
    expect(readFileSync(target()).equals(before)).toBe(true);
    expect(readdirSync(join(home, 'data'))).toEqual(['messages.db']);
  });
});
