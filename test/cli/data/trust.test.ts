import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backup } from '../../../src/cli/backup.ts';
import { bridge } from '../../../src/cli/bridge.ts';
import { doctor } from '../../../src/cli/doctor.ts';
import { login } from '../../../src/cli/login.ts';
import { logout } from '../../../src/cli/logout.ts';
import { restore } from '../../../src/cli/restore/restore.ts';
import { loadConfig } from '../../../src/cli/settings.ts';
import { status } from '../../../src/cli/status.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import { wipe } from '../../../src/cli/wipe.ts';
import { bridgePaths, dataPaths } from '../../../src/config.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
let home: string;
let dataDir: string;
let paths: ReturnType<typeof dataPaths>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'trust-test-'));
  dataDir = join(home, 'data');
  paths = dataPaths(dataDir);
  mkdirSync(dirname(paths.auth), { recursive: true, mode: 0o700 });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const load = () => loadConfig({ WHATSAPP_DATA_DIR: dataDir }, { env: {} });
const refusal = (path: string, words: RegExp) =>
  expect.objectContaining({
    code: 'not_permitted',
    message: expect.stringMatching(new RegExp(`${path} .*${words.source}.*WHATSAPP_DATA_DIR`)),
  });

describe.runIf(process.platform !== 'win32')('A data directory', () => {
  test('of the user passes: closed, readable by others, not there yet, and with files that others cannot reach', () => {
    expect(load().dataDir).toBe(dataDir);
    writeFileSync(paths.env, 'WHATSAPP_LOG_LEVEL=error\n');
    chmodSync(paths.env, 0o664);
    expect(load().logLevel).toBe('error');
    chmodSync(paths.env, 0o644);
    chmodSync(dataDir, 0o755);
    expect(load().logLevel).toBe('error');
    dataDir = join(home, 'not', 'yet');
    expect(load().dataDir).toBe(dataDir);
  });

  test.each([0o777, 0o770, 0o702])('that others may write (%o) is refused with its name and what mends it', (mode) => {
    chmodSync(dataDir, mode);
    expect(load).toThrow(refusal(dataDir, /chmod go-w/));
  });

  test('is refused for the folder of the keys in it, and for a folder above', () => {
    chmodSync(dirname(paths.auth), 0o777);
    expect(load).toThrow(refusal(dirname(paths.auth), /chmod go-w/));
    chmodSync(dirname(paths.auth), 0o700);
    chmodSync(home, 0o777);
    expect(load).toThrow(refusal(home, /chmod go-w/));
  });

  test('is refused for a .env that others may reach and write, before it is read', () => {
    writeFileSync(paths.env, 'WHATSAPP_BRIDGE=pigeon\n');
    chmodSync(paths.env, 0o666);
    chmodSync(dataDir, 0o711);
    expect(load).toThrow(refusal(paths.env, /chmod go-w/));
  });

  test('is refused for a database that leads to a place where others may write', () => {
    const shared = join(home, 'shared');
    mkdirSync(shared, { mode: 0o700 });
    symlinkSync(join(shared, 'messages.db'), paths.messages);
    expect(load().dataDir).toBe(dataDir);
    chmodSync(shared, 0o777);
    expect(load).toThrow(refusal(shared, /chmod go-w/));
  });

  test.runIf(isRoot)('of another user is refused, root or not', () => {
    chownSync(dataDir, nobody, nobody);
    expect(load).toThrow(refusal(dataDir, /another user/));
  });

  test.runIf(isRoot).each(['env', 'messages', 'auth', 'staging', 'session', 'address'] as const)(
    'is refused for a file of another user in it (%s)',
    (name) => {
      const path = { ...paths, ...bridgePaths(dataDir) }[name];
      writeFileSync(path, '', { mode: 0o600 });
      expect(load().dataDir).toBe(dataDir);
      chownSync(path, nobody, nobody);
      expect(load).toThrow(refusal(path, /another user/));
    },
  );

  test('is refused by every command that reads settings, and runs nothing that its .env names', async () => {
    const ran = join(home, 'ran');
    const evil = join(home, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
    writeFileSync(paths.env, `WHATSAPP_BRIDGE_START=true\nWHATSAPP_BRIDGE_BIN=${evil}\n`);
    chmodSync(dataDir, 0o777);
    const flags = { WHATSAPP_DATA_DIR: dataDir };
    const terminal = createTerminal({ write: () => {}, isTty: false, columns: 80 });
    const never = () => Promise.reject(new Error('nothing is asked'));
    const people = { terminal, asker: { confirm: never, choose: never, type: never } };
    const commands: Record<string, () => Promise<unknown>> = {
      status: () => status(flags, {}, terminal),
      login: () => login(flags, {}, terminal),
      logout: () => logout(flags, {}, people),
      wipe: () => wipe(flags, {}, people),
      backup: () => backup(join(home, 'copy.db'), flags, {}, terminal),
      restore: () => restore(join(home, 'copy.db'), flags, {}, terminal),
      bridge: () => bridge('path', flags, {}, terminal),
    };
    for (const [name, run] of Object.entries(commands))
      await expect(run(), name).rejects.toThrow(refusal(dataDir, /chmod go-w/));
    expect(() => chmodSync(ran, 0o600)).toThrow('ENOENT');
  });

  test.each([{}, { fix: true }])('is the finding of doctor %j, which looks at nothing in it', async (options) => {
    writeFileSync(paths.env, 'WHATSAPP_LOG_LEVEL=nonsense\n');
    writeFileSync(paths.messages, 'nonsense');
    chmodSync(dataDir, 0o777);
    let output = '';
    const terminal = createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
    expect(await doctor({ WHATSAPP_DATA_DIR: dataDir }, { ...options, json: true }, terminal)).toBe(2);
    const { checks } = JSON.parse(output) as { checks: { name: string; verdict: string; message: string }[] };
    expect(checks.map(({ name }) => name)).toEqual(['version', 'Node', 'settings']);
    expect(checks.at(-1)).toMatchObject({ verdict: 'fail', message: expect.stringMatching(`${dataDir} .*chmod go-w`) });
    expect(output).not.toContain('nonsense');
    expect([statSync(dataDir).mode & 0o777, readdirSync(dataDir).sort()]).toEqual([
      0o777,
      ['.env', 'baileys', 'messages.db'],
    ]);
  });
});
