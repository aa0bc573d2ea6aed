import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Machine, thisMachine } from '../../../src/cli/setup/machine.ts';
import { put, setupDialog } from '../../support/cli/setup-dialog.ts';

const { home, fileOf, run } = setupDialog();

const serversIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')).mcpServers;
const stranger = { url: 'http://127.0.0.1:1/sse', type: 'sse' };

describe('An entry of another server under our name', () => {
  test('stays as it is; ours takes another name', async () => {
    const file = put(fileOf('cursor'), JSON.stringify({ mcpServers: { whatsapp: stranger } }));
    const { code, output } = await run('cursor', { yes: true });
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('mcpServers.whatsapp-hybrid:') });
    expect(serversIn(file)).toEqual({
      whatsapp: stranger,
      'whatsapp-hybrid': expect.objectContaining({ args: expect.anything() }),
    });
    expect((await run('cursor', { yes: true })).output).toContain('knows the server already');
  });

  test('is left alone in TOML too', async () => {
    const file = put(fileOf('codex'), '[mcp_servers.whatsapp]\nurl = "http://127.0.0.1:1/mcp"\n');
    expect(await run('codex', { yes: true })).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\[mcp_servers.whatsapp]\nurl = .*\n\n\[mcp_servers.whatsapp-hybrid]\n/,
    );
  });

  test('under both names is refused, with the file and what to do', async () => {
    const text = JSON.stringify({ mcpServers: { whatsapp: stranger, 'whatsapp-hybrid': { command: 'x' } } });
    const file = put(fileOf('cursor'), text);
    await expect(run('cursor', { yes: true })).rejects.toMatchObject({
      message: expect.stringContaining(file),
      nextStep: expect.stringContaining('Rename one of them'),
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('of ours loses what belongs to another transport, and keeps the rest', async () => {
    const mixed = {
      ...stranger,
      headers: { a: 'b' },
      command: 'whatsapp-hybrid-mcp',
      disabled: true,
      env: { MINE: '1' },
    };
    const file = put(fileOf('claude-code'), JSON.stringify({ mcpServers: { family: mixed } }, null, 2));
    expect(await run('claude-code', { yes: true })).toMatchObject({ code: 0 });
    const { command, args, ...rest } = serversIn(file).family;
    expect([command, args.at(-1)]).toEqual([process.execPath, 'serve']);
    expect(rest).toEqual({ type: 'stdio', disabled: true, env: { MINE: '1' } });
    const toml = put(
      fileOf('codex'),
      '[mcp_servers.whatsapp]\ncommand = "whatsapp-hybrid-mcp"\nurl = "http://127.0.0.1:1"\n',
    );
    await run('codex', { yes: true });
    expect(readFileSync(toml, 'utf8')).not.toContain('url');
  });
});

describe('Several installations', () => {
  test('each get the entry after one question, and are reported one by one', async () => {
    const folders = ['Code', 'Code - Insiders'].map((name) => join(home(), '.config', name, 'User'));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const files = folders.map((folder) => join(folder, 'mcp.json'));
    const { code, asked, output } = await run('vscode');
    expect({ code, questions: asked.length }).toEqual({ code: 0, questions: 1 });
    for (const file of files) {
      expect(output).toContain(`${file}, servers.whatsapp:`);
      expect(JSON.parse(readFileSync(file, 'utf8')).servers.whatsapp.type).toBe('stdio');
    }
    const report = JSON.parse((await run('vscode', { yes: true, json: true })).output);
    expect(report.files).toEqual(files.map((file) => expect.objectContaining({ file, changed: false })));
  });

  test('change nothing when one of their files cannot be changed', async () => {
    const [good, bad] = ['Code', 'Code - Insiders'].map((name) => join(home(), '.config', name, 'User', 'mcp.json'));
    put(good ?? '', '{}');
    put(bad ?? '', '{"servers": ');
    await expect(run('vscode', { yes: true })).rejects.toThrow(/Insiders.*in line 1, column 13/s);
    expect(readFileSync(good ?? '', 'utf8')).toBe('{}');
  });
});

describe('In WSL', () => {
  const env = { WSL_DISTRO_NAME: 'Ubuntu' };

  test('the entry of a desktop client starts the server through wsl.exe', async () => {
    const windows = join(home(), 'windows');
    mkdirSync(join(windows, 'Ada', '.cursor'), { recursive: true });
    const onWindows = (folder: string) => folder.replace('/mnt/c/Users', windows);
    const list: Machine['list'] = (folder) => thisMachine().list(onWindows(folder));
    const { output } = await run(
      'cursor',
      { print: true, json: true },
      { flags: { WHATSAPP_BRIDGE: 'baileys' }, on: { env, list } },
    );
    const { file, entry } = JSON.parse(output);
    expect(file).toBe('/mnt/c/Users/Ada/.cursor/mcp.json');
    expect(entry).toEqual({
      command: 'wsl.exe',
      args: [
        '-d',
        'Ubuntu',
        '-e',
        '/usr/bin/env',
        'WHATSAPP_BRIDGE=baileys',
        process.execPath,
        expect.stringMatching(/main\.js$/),
        'serve',
      ],
    });
  });

  test('a desktop client that is not there is said; its entry can be printed', async () => {
    await expect(run('cursor', { yes: true }, { on: { env } })).rejects.toMatchObject({
      nextStep: expect.stringContaining('Start Cursor once'),
    });
    expect((await run('cursor', { print: true }, { on: { env } })).output).toContain('C:\\Users\\you\\.cursor');
  });
});

test('A file in UTF-16 is refused, because clients read UTF-8', async () => {
  const bytes = Buffer.from('\ufeff{"mcpServers": {}}', 'utf16le');
  const file = put(fileOf('cursor'), bytes);
  await expect(run('cursor', { yes: true })).rejects.toMatchObject({ nextStep: expect.stringContaining('UTF-8') });
  expect(readFileSync(file)).toEqual(bytes);
});
