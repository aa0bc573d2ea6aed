import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ClientName, clients } from '../../src/cli/setup/clients.ts';
import type { SetupOptions } from '../../src/cli/setup.ts';
import { put, setupDialog } from '../support/cli/setup-dialog.ts';

const { home, fileOf, run } = setupDialog();
const all = Object.keys(clients) as ClientName[];

describe.each(all)('setup %s', (client) => {
  test('shows the change, asks, writes it, and has nothing to do the second time', async () => {
    const first = await run(client);
    expect(first).toMatchObject({ code: 0, asked: [expect.stringContaining(clients[client].title)] });
    expect(first.output).toContain('+ ');
    expect(first.output).toContain('✅ Written.');
    const written = readFileSync(fileOf(client), 'utf8');
    expect(written).toContain('serve');
    const second = await run(client);
    expect(second).toMatchObject({ code: 0, asked: [], output: expect.stringContaining('knows the server already') });
    expect(readFileSync(fileOf(client), 'utf8')).toBe(written);
    expect(readdirSync(dirname(fileOf(client))).filter((name) => name.includes('backup'))).toEqual([]);
  });

  test('writes nothing when it only prints, or the answer is no', async () => {
    const printed = await run(client, { print: true });
    expect(printed).toMatchObject({ code: 0, asked: [] });
    expect(printed.output).toContain(fileOf(client));
    expect(printed.output).toContain('serve');
    expect(await run(client, {}, { yes: false })).toMatchObject({
      code: 1,
      output: expect.stringContaining('Nothing was changed'),
    });
    expect(readdirSync(home())).toEqual([]);
  });
});

/** Files in which another server has a key, in every way that a person or program writes them. */
function filesWithKeys(client: ClientName): string[] {
  const { format, table }: { format: string; table: string } = clients[client];
  const other = { command: 'x', env: { API_KEY: 'sk-SECRET-123' } };
  const old = {
    command: 'npx',
    args: ['whatsapp-hybrid-mcp@1'],
    env: { MY_TOKEN: 'sk-SECRET-456' },
    notes: { auth: 'sk-SECRET-789' },
  };
  if (format === 'json') {
    const [one, both] = [{ [table]: { other } }, { [table]: { other, whatsapp: old } }];
    return [
      ...[one, both].flatMap((value) => [
        JSON.stringify(value),
        JSON.stringify(value, null, 2),
        JSON.stringify(value, null, 1).replaceAll('\n', ''),
      ]),
      `{"${table}": {"other": {"env": {"API_KEY": "sk-SECRET-123"}} /* sk-SECRET-0 */}} // sk-SECRET-1`,
      `{\n\t"${table}": {\r\n\t\t"other": {"env": {"API_KEY": "sk-SECRET-123"}}, // sk-SECRET-2\n\t},\n}\n`,
    ];
  }
  return [
    `[${table}]\nother = { command = "x", env = { API_KEY = "sk-SECRET-123" } } # sk-SECRET-0\n`,
    `[${table}.other]\ncommand = "x"\nenv = { API_KEY = "sk-SECRET-123" }`,
    `[${table}.other.env]\nAPI_KEY = "sk-SECRET-1"\n\n[${table}.whatsapp]\ncommand = "whatsapp-hybrid-mcp"\nenv = { T = "sk-SECRET-2" }\n# sk-SECRET-3\n`,
  ];
}

describe.each(all)('setup %s, beside other servers', (client) => {
  test('shows no value of theirs nor of variables that are none of ours, however the file is written', async () => {
    const files = filesWithKeys(client);
    expect(files.length).toBeGreaterThan(2);
    for (const text of files) {
      put(fileOf(client), text);
      const { code, output } = await run(client, {}, { flags: { WHATSAPP_DATA_DIR: '/data' } });
      expect({ text, code }).toEqual({ text, code: 0 });
      expect(output).toContain('+ args: ');
      expect(output).toContain('+ env.WHATSAPP_DATA_DIR: "/data"');
      expect(output).not.toContain('sk-SECRET');
      const secrets = text.match(/sk-SECRET-\d+/g) ?? [];
      const written = readFileSync(fileOf(client), 'utf8');
      // A TOML entry is rewritten with all its values; comments inside it may be lost.
      expect(secrets.filter((secret) => !written.includes(secret))).toEqual([]);
    }
  });

  test('works twice in one second, and keeps both files as they were', async () => {
    await run(client, { yes: true });
    const backups = [];
    for (const WHATSAPP_DATA_DIR of ['/one', '/two', '/three']) {
      const { code, output } = await run(client, { yes: true }, { flags: { WHATSAPP_DATA_DIR } });
      expect(code).toBe(0);
      backups.push(/as it was: (\S+)/.exec(output)?.[1] ?? '');
    }
    expect(new Set(backups).size).toBe(3);
    expect(backups.map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test('makes the file to which a link leads, and the link stays', async () => {
    const real = join(home(), 'synced', 'settings');
    mkdirSync(dirname(fileOf(client)), { recursive: true });
    symlinkSync(real, fileOf(client));
    expect(await run(client, { yes: true })).toMatchObject({ code: 0 });
    expect(lstatSync(fileOf(client)).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('serve');
  });
});

describe('setup', () => {
  test('asks which client it is when none is named', async () => {
    expect(await run('', { yes: true }, { chosen: 'Cursor' })).toMatchObject({ code: 0 });
    expect(readFileSync(fileOf('cursor'), 'utf8')).toContain('serve');
    expect(await run('', { yes: true })).toMatchObject({ code: 1, output: '' });
  });

  test('asks nothing with --yes, keeps a copy, and carries the settings that were given', async () => {
    await run('cursor', { yes: true });
    const before = readFileSync(fileOf('cursor'), 'utf8');
    const { code, asked, output } = await run(
      'cursor',
      { yes: true },
      { yes: false, flags: { WHATSAPP_DATA_DIR: '/data' } },
    );
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    const backup = /as it was: (\S+)/.exec(output)?.[1] ?? '';
    expect(readFileSync(backup, 'utf8')).toBe(before);
    const { whatsapp } = JSON.parse(readFileSync(fileOf('cursor'), 'utf8')).mcpServers;
    expect(whatsapp.env).toEqual({ WHATSAPP_DATA_DIR: '/data' });
  });

  test('prints its result as JSON only', async () => {
    const report = async (options: SetupOptions) =>
      JSON.parse((await run('gemini', { json: true, ...options })).output);
    expect(await report({ print: true })).toMatchObject({ client: 'gemini', file: fileOf('gemini'), changed: false });
    expect(await report({ yes: true })).toMatchObject({
      changed: true,
      backup: null,
      entry: { args: expect.anything() },
    });
    expect(await report({ yes: true })).toMatchObject({ changed: false });
  });

  test('takes a table that is null for an empty one', async () => {
    put(fileOf('cursor'), '{"mcpServers": null, "theme": "dark"}');
    expect(await run('cursor', { yes: true })).toMatchObject({ code: 0 });
    const { theme, mcpServers } = JSON.parse(readFileSync(fileOf('cursor'), 'utf8'));
    expect([theme, Object.keys(mcpServers)]).toEqual(['dark', ['whatsapp']]);
  });

  test('says over which channel it speaks to clients that want to know', async () => {
    await run('vscode', { yes: true });
    await run('windsurf', { yes: true });
    expect(JSON.parse(readFileSync(fileOf('vscode'), 'utf8')).servers.whatsapp.type).toBe('stdio');
    expect(JSON.parse(readFileSync(fileOf('windsurf'), 'utf8')).mcpServers.whatsapp).not.toHaveProperty('type');
  });
});
