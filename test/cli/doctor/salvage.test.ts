import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SalvageOptions, salvage } from '../../../src/cli/doctor/salvage.ts';
import { UserError } from '../../../src/cli/refusal.ts';
import { restore } from '../../../src/cli/restore/restore.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import { dataPaths } from '../../../src/config.ts';
import { openWriter } from '../../../src/store/sqlite/database.ts';
import { seeded } from '../../support/random.ts';
import { damages } from '../../support/salvage/damages.ts';
import { storeWorld } from '../../support/salvage/stored-world.ts';

let home: string;
let data: string;
let to: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'salvage-'));
  data = join(home, 'data');
  to = join(home, 'saved.db');
  mkdirSync(data, { mode: 0o700 });
});
afterEach(() => rmSync(home, { recursive: true }));

const messages = () => dataPaths(data).messages;
let output = '';
const terminal = () => {
  output = '';
  return createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
};
const run = (options: SalvageOptions = {}) => salvage(to, { WHATSAPP_DATA_DIR: data }, options, terminal());

function damagedWorld(): Buffer {
  storeWorld(data, { messages: 300, chats: 10 });
  damages['5 % of pages'](messages(), seeded(4));
  return readFileSync(messages());
}

function count(path: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare('SELECT count(*) FROM messages').pluck().get();
  } finally {
    db.close();
  }
}

describe('doctor --salvage', () => {
  test('copies what can be read, says what is lost, leaves the damaged file, and names the command that goes on', async () => {
    const before = damagedWorld();
    expect(await run()).toBe(1);
    expect(output).toMatch(/messages +2\d\d rows/);
    expect(output).toMatch(
      /Lost of messages: \d+ rows? that an index still names, numbers [\d–, ]+; the last number given is 300/,
    );
    expect(readFileSync(messages()).equals(before)).toBe(true);
    expect(readdirSync(data)).toEqual(['messages.db']);
    const [, command] = /^ {2}whatsapp-hybrid-mcp restore '(.+)' --replace$/m.exec(output) ?? [];
    expect(await restore(command ?? '', { WHATSAPP_DATA_DIR: data }, { replace: true }, terminal())).toBe(0);
    expect(readdirSync(data)).toHaveLength(2);
    expect(count(messages())).toBe(count(to));
  });

  test('with --replace puts the new file in place and keeps the old one beside it', async () => {
    const before = damagedWorld();
    writeFileSync(dataPaths(data).search, '');
    expect(await run({ replace: true, json: true })).toBe(1);
    const report = JSON.parse(output) as { file: string; kept: string[]; tables: unknown[] };
    expect(report).toMatchObject({ file: messages(), kept: [expect.stringContaining('messages.db.before-')] });
    expect(readFileSync(report.kept[0] ?? '').equals(before)).toBe(true);
    expect(count(messages())).toBe(count(to));
    expect(existsSync(dataPaths(data).search)).toBe(false);
    const opened = openWriter(messages());
    opened.prepare("INSERT INTO chats (jid, kind) VALUES ('new@g.us', 'group')").run();
    opened.close();
  });

  test('of a sound file says that nothing is lost', async () => {
    storeWorld(data, { messages: 50, chats: 10 });
    expect(await run()).toBe(0);
    expect(output).toMatch(/^✅ /);
    expect(output).not.toMatch(/Lost|left out/);
  });

  test('with --replace never while a server has the file open', async () => {
    storeWorld(data, { messages: 50, chats: 10 });
    const server = openWriter(messages());
    server.prepare('SELECT count(*) FROM chats').get();
    await expect(run({ replace: true })).rejects.toThrow('is using the data');
    server.close();
    expect(existsSync(to)).toBe(false);
  });

  test('says in words what it cannot do, and names what helps', async () => {
    await expect(run()).rejects.toThrow('There is no');
    writeFileSync(messages(), Buffer.alloc(20_000));
    expect(await run()).toBe(2);
    expect(output).toMatch(/Nothing could be saved of .*: it is no SQLite database\.\n.*restore a backup/i);
    mkdirSync(join(home, 'taken'));
    to = join(home, 'taken');
    await expect(run()).rejects.toBeInstanceOf(UserError);
  });
});
