import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTerminal } from '../../src/cli/terminal.ts';
import { type WipeOptions, wipe } from '../../src/cli/wipe.ts';
import { bridgePaths, dataPaths } from '../../src/config.ts';
import { openAuth } from '../../src/store/auth.ts';
import { ensureDatabases } from '../../src/store/database.ts';
import { createDeviceLock } from '../../src/store/lock.ts';
import { temporaryDir } from '../support/e2e-program.ts';

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
    const others = [paths.env, join(home, 'data', 'photos', 'a.jpg'), join(home, 'data', 'messages.db.mine')];
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
});
