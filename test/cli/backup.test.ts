import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BackupOptions, backup } from '../../src/cli/backup.ts';
import { restore } from '../../src/cli/restore/restore.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { dataPaths } from '../../src/config.ts';
import { openAuth } from '../../src/store/auth.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { MessagesDb } from '../support/rows/messages-db.ts';

let db: MessagesDb;
let home: string;
let file: string;
beforeEach(() => {
  db = new MessagesDb();
  home = temporaryDir();
  file = join(home, 'copy.db');
  db.message(db.chat('15550101@s.whatsapp.net'), { content: 'kept' });
  const keys = openAuth(db.paths.auth);
  keys.set([{ type: 'creds', id: 'self', value: 'secret' }]);
  keys.close();
});
afterEach(() => db.close());

async function run(command: typeof backup, dataDir: string, options: BackupOptions = {}) {
  let output = '';
  const terminal = createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
  const code = await command(file, { WHATSAPP_DATA_DIR: dataDir }, options, terminal);
  return { code, output };
}

const contents = (path: string) => {
  const opened = new Database(path, { readonly: true });
  try {
    return opened.prepare('SELECT content FROM messages').pluck().all();
  } finally {
    opened.close();
  }
};

describe('backup', () => {
  test('copies the messages alone, for their user alone, while they are in use, and says how to restore them', async () => {
    const { code, output } = await run(backup, db.folder);
    expect(code).toBe(0);
    expect(output).toContain(`restore ${file}\n`);
    expect(contents(file)).toEqual(['kept']);
    expect(readdirSync(home)).toEqual(['copy.db']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('copies the keys into a file of their own, on request', async () => {
    expect((await run(backup, db.folder, { withCredentials: true })).output).toContain('--with-credentials');
    expect(readdirSync(home).sort()).toEqual(['copy.db', 'copy.db.credentials']);
    expect(statSync(`${file}.credentials`).mode & 0o777).toBe(0o600);
    expect(contents(file)).toEqual(['kept']);
  });

  test('overwrites nothing, and makes no half of a backup', async () => {
    writeFileSync(`${file}.credentials`, 'mine');
    await expect(run(backup, db.folder, { withCredentials: true })).rejects.toThrow(
      'copy.db.credentials is there already',
    );
    expect(readdirSync(home)).toEqual(['copy.db.credentials']);
    writeFileSync(file, 'mine');
    await expect(run(backup, db.folder)).rejects.toThrow('copy.db is there already');
  });

  test('says where it looked when there is nothing to copy', async () => {
    await expect(run(backup, home)).rejects.toThrow(`There is no ${join(home, 'messages.db')}`);
    expect(JSON.parse((await run(backup, db.folder, { json: true })).output)).toEqual({ files: [file] });
  });
});

describe('restore', () => {
  const target = () => join(home, 'new');

  test('puts messages and keys into an empty data directory', async () => {
    await run(backup, db.folder, { withCredentials: true });
    expect((await run(restore, target(), { withCredentials: true })).code).toBe(0);
    const paths = dataPaths(target());
    expect(contents(paths.messages)).toEqual(['kept']);
    const keys = openAuth(paths.auth);
    expect(keys.get('creds', ['self']).get('self')).toBe('secret');
    keys.close();
    for (const folder of [target(), join(target(), 'baileys')]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('never replaces messages that are there, nor in use', async () => {
    await run(backup, db.folder);
    await expect(run(restore, db.folder)).rejects.toThrow('is using the data');
    await run(restore, target());
    await expect(run(restore, target())).rejects.toThrow('messages.db is there already');
  });

  test('takes no file that is damaged, missing, another database, or newer than we are', async () => {
    await expect(run(restore, target())).rejects.toThrow(`There is no ${file}`);
    writeFileSync(file, 'no database at all, but long enough to look at'.repeat(100));
    await expect(run(restore, target())).rejects.toThrow('cannot be restored');
    for (const [name, version] of [
      ['other.db', 0],
      ['newer.db', 999],
    ] as const) {
      file = join(home, name);
      const other = new Database(file);
      other.exec('CREATE TABLE t (a)');
      other.pragma(`user_version = ${version}`);
      other.close();
      await expect(run(restore, target())).rejects.toThrow('no backup that this version knows');
    }
    expect(existsSync(target())).toBe(false);
  });
});
