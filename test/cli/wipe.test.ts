import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTerminal } from '../../src/cli/terminal.ts';
import { doomedIn, remove } from '../../src/cli/wipe/files.ts';
import { type WipeOptions, wipe } from '../../src/cli/wipe.ts';
import { bridgePaths, dataPaths } from '../../src/config.ts';
import { openAuth } from '../../src/store/auth.ts';
import { ensureDatabases } from '../../src/store/sqlite/database.ts';
import { createDeviceLock } from '../../src/store/sqlite/lock.ts';
import { temporaryDir } from '../support/e2e/program.ts';

let home: string;
let paths: ReturnType<typeof dataPaths>;
beforeEach(() => {
  home = temporaryDir();
  const dataDir = join(home, 'data');
  paths = dataPaths(dataDir);
  ensureDatabases(paths);
  openAuth(paths.auth).close();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(options: WipeOptions = {}, answer = true) {
  let output = '';
  const asked: string[] = [];
  const asker = {
    confirm: () => Promise.reject(new Error('a word is asked for')),
    choose: () => Promise.reject(new Error('a word is asked for')),
    async type(question: string, word: string) {
      asked.push(`${question} ${word}`);
      return answer;
    },
  };
  const terminal = createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
  const code = await wipe({ WHATSAPP_DATA_DIR: join(home, 'data') }, options, { terminal, asker });
  return { code, output, asked };
}

describe('wipe', () => {
  test('shows every file, asks for a word, and leaves nothing of ours', async () => {
    const { code, output, asked } = await run();
    expect({ code, asked: asked.length }).toEqual({ code: 0, asked: 1 });
    for (const path of [paths.messages, paths.auth]) expect(output).toContain(`${path}  `);
    expect(readdirSync(home)).toEqual([]);
  });

  test('keeps everything when the word was not typed', async () => {
    expect(await run({}, false)).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was deleted.') });
    expect(existsSync(paths.messages) && existsSync(paths.auth)).toBe(true);
  });

  test('leaves what is not ours, the settings of the user too, and asks nothing with --yes', async () => {
    mkdirSync(join(home, 'data', 'photos'));
    const others = [
      paths.env,
      join(home, 'data', 'photos', 'a.jpg'),
      join(home, 'data', 'messages.db.mine'),
      join(home, 'data', 'messages.db.before-2026'),
    ];
    for (const path of others) writeFileSync(path, '');
    const { code, asked } = await run({ yes: true });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(others.every((path) => existsSync(path))).toBe(true);
    expect(existsSync(join(home, 'data', 'baileys'))).toBe(false);
  });

  test('deletes the name and the log that a killed process left', async () => {
    for (const path of [`${paths.lock}.owner`, `${paths.messages}-wal`, paths.lock]) writeFileSync(path, '');
    await run({ yes: true });
    expect(readdirSync(home)).toEqual([]);
  });

  test('deletes the keys of wa-bridge, its token and what it left behind', async () => {
    const bridge = bridgePaths(join(home, 'data'));
    for (const path of [...Object.values(bridge), `${bridge.session}-wal`]) writeFileSync(path, '');
    expect((await run()).output).toContain(`${bridge.session}  `);
    expect(readdirSync(home)).toEqual([]);
  });

  test('refuses while somebody has the connection, and while somebody reads', async () => {
    const lock = createDeviceLock(paths.lock);
    lock.tryAcquire();
    await expect(run({ yes: true })).rejects.toThrow(`Process ${process.pid} is using the data.`);
    lock.release();
    const reader = new Database(paths.messages);
    reader.prepare('SELECT * FROM chats').all();
    await expect(run({ yes: true })).rejects.toThrow('is using the data');
    reader.close();
    expect(existsSync(paths.messages)).toBe(true);
    expect((await run({ yes: true })).code).toBe(0);
  });

  test('says as JSON what went, and has nothing to do the second time', async () => {
    expect(JSON.parse((await run({ yes: true, json: true })).output).deleted).toContain(paths.messages);
    expect(JSON.parse((await run({ json: true })).output)).toEqual({ deleted: [] });
    expect((await run()).output).toContain('Nothing is stored');
  });

  test('deletes drafts, copies that are not in place, rules, what was sent, and a simulated account below', async () => {
    const dataDir = join(home, 'data');
    const names = ['bridge.json.4711', 'bridge-token.4711.0badcafe', 'policy.json', 'sends.db', 'sends.db-wal'];
    const simulated = ['messages.db', 'bridge-token', join('baileys', 'auth.db')].map((name) =>
      join('simulated', name),
    );
    const staged = ['messages.db', join('baileys', 'auth.db-journal')].map((name) =>
      name.replace('.db', '.db.staged-4711'),
    );
    const replaced = ['', '-wal', '-journal'].map((ending) => `messages.db.before-20261130T225116Z${ending}`);
    const drafts = ['messages.db.4711.new', 'messages.db.4711.new.4711.draft-journal', 'messages.db.4711.draft'];
    const more = [...replaced, ...drafts, join('baileys', 'auth.db.4711.draft'), 'lookups.db', 'lookups.db-wal'];
    mkdirSync(join(dataDir, 'simulated', 'baileys'), { recursive: true, mode: 0o700 });
    mkdirSync(join(dataDir, 'clock-aB3xY9'));
    const all = [...names, ...simulated, ...staged, ...more].map((name) => join(dataDir, name));
    for (const path of all) writeFileSync(path, '', { mode: 0o600 });
    const { code, output } = await run();
    expect(all.filter((path) => !output.includes(`${path}  `))).toEqual([]);
    expect([code, readdirSync(home)]).toEqual([0, []]);
  });

  test('refuses while the simulated account below is used', async () => {
    const simulated = dataPaths(join(home, 'data', 'simulated'));
    ensureDatabases(simulated);
    const reader = new Database(simulated.messages);
    reader.prepare('SELECT * FROM chats').all();
    await expect(run({ yes: true })).rejects.toThrow('is using the data');
    reader.close();
    expect(existsSync(paths.messages) && existsSync(simulated.messages)).toBe(true);
  });
});

describe('wipe, where links lead elsewhere', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(home, 'disk');
    mkdirSync(disk, { mode: 0o700 });
  });
  const moved = (path: string, to: string) => {
    renameSync(path, to);
    symlinkSync(to, path);
  };

  test('shows and deletes what they lead to, and what SQLite keeps beside that', async () => {
    const target = join(disk, 'big.db');
    moved(paths.messages, target);
    writeFileSync(`${target}-wal`, '');
    const { code, output } = await run();
    expect(output).toContain(`${paths.messages} → ${target}  `);
    expect([code, readdirSync(disk), existsSync(join(home, 'data'))]).toEqual([0, [], false]);
  });

  test('deletes one that leads to nothing', async () => {
    rmSync(paths.messages);
    symlinkSync(join(disk, 'gone.db'), paths.messages);
    expect((await run()).code).toBe(0);
    expect(readdirSync(home)).toEqual(['disk']);
  });

  test('leaves and names a file that is no database of ours, says so with exit code 1, and deletes the rest', async () => {
    const photo = join(disk, 'photo.jpg');
    writeFileSync(photo, 'a photo of something');
    rmSync(paths.messages);
    symlinkSync(photo, paths.messages);
    const { code, output } = await run();
    expect([code, output]).toEqual([1, expect.stringContaining(`❌ These stay:\n  ${photo}: it is no database`)]);
    expect([readFileSync(photo, 'utf8'), existsSync(paths.auth)]).toEqual(['a photo of something', false]);
    const report = JSON.parse((await run({ yes: true, json: true })).output);
    expect(report).toEqual({ deleted: [], kept: [{ path: photo, reason: expect.stringContaining('no database') }] });
  });

  test('empties a folder that is one, and leaves the link', async () => {
    const dataDir = join(home, 'data');
    moved(dataDir, join(disk, 'data'));
    expect((await run()).code).toBe(0);
    expect([readdirSync(dataDir), lstatSync(dataDir).isSymbolicLink()]).toEqual([[], true]);
  });

  test.runIf(process.getuid?.() === 0)('touches nothing where they lead to another user', async () => {
    const target = join(disk, 'theirs.db');
    moved(paths.messages, target);
    chownSync(target, 65534, 65534);
    await expect(run({ yes: true })).rejects.toThrow('belongs to another user');
    expect(existsSync(target) && existsSync(paths.auth)).toBe(true);
    expect(doomedIn([join(home, 'data')]).kept).toEqual([
      { path: target, reason: expect.stringContaining('another user') },
    ]);
  });
});

test('A file that cannot be deleted is named with the reason, and the rest is deleted all the same', () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  const below = join(file, 'below');
  expect(
    remove([
      { path: below, bytes: 0 },
      { path: file, bytes: 0 },
    ]),
  ).toEqual({
    deleted: [file],
    failed: [{ path: below, reason: expect.stringContaining('cannot be deleted') }],
  });
});
