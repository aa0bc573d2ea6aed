import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { entryOf, ownName, throughWsl } from '../../../src/cli/setup/entry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whatsapp-entry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const checkout = '/srv/whatsapp-hybrid-mcp';
const at = (root: string, platform: NodeJS.Platform = 'linux') => ({ platform, root, node: '/opt/node', path: '' });

describe('The entry', () => {
  test.each([checkout, '/usr/lib/node_modules/whatsapp-hybrid-mcp'])('starts what lies in %s by itself', (root) => {
    expect(entryOf({}, at(root))).toEqual({ command: '/opt/node', args: [join(root, 'dist', 'main.js'), 'serve'] });
  });

  test.each([
    '/home/ada/.npm/_npx/0123abcd/node_modules/whatsapp-hybrid-mcp',
    '/home/ada/.cache/pnpm/dlx-4711/node_modules/whatsapp-hybrid-mcp',
    '/tmp/bunx-1000-whatsapp-hybrid-mcp@latest/node_modules/whatsapp-hybrid-mcp',
  ])('takes npx beside this Node where a package runner keeps a copy: %s', (root) => {
    const node = '/home/ada/.nvm/versions/node/v20.18.0/bin/node';
    expect(entryOf({ WHATSAPP_BRIDGE: 'baileys' }, { ...at(root), node })).toEqual({
      command: '/home/ada/.nvm/versions/node/v20.18.0/bin/npx',
      args: ['-y', 'whatsapp-hybrid-mcp', 'serve'],
      env: {
        PATH: '/home/ada/.nvm/versions/node/v20.18.0/bin:/usr/local/bin:/usr/bin:/bin',
        WHATSAPP_BRIDGE: 'baileys',
      },
    });
  });

  test('starts npx through a shell on Windows, with the folder of Node', () => {
    const root = 'C:\\Users\\ada\\AppData\\Local\\npm-cache\\_npx\\0123abcd\\node_modules\\whatsapp-hybrid-mcp';
    const node = 'C:\\Program Files\\nodejs\\node.exe';
    expect(entryOf({}, { ...at(root, 'win32'), node })).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'whatsapp-hybrid-mcp', 'serve'],
      env: { PATH: 'C:\\Program Files\\nodejs;C:\\Windows\\System32;C:\\Windows' },
    });
  });

  test('names the lasting link to a Node whose path ends with the next update', () => {
    const [cellar, bin] = [join(folder, 'Cellar', 'node', '22.1.0', 'bin'), join(folder, 'bin')];
    for (const path of [cellar, bin]) mkdirSync(path, { recursive: true });
    writeFileSync(join(cellar, 'node'), '');
    symlinkSync(join(cellar, 'node'), join(bin, 'node'));
    const origin = { ...at(checkout), node: join(cellar, 'node') };
    expect(entryOf({}, { ...origin, path: `${cellar}:/nowhere:${bin}` }).command).toBe(join(bin, 'node'));
    expect(entryOf({}, { ...origin, path: '/nowhere' }).command).toBe(join(cellar, 'node'));
  });

  test('carries the settings that were given, paths in full', () => {
    const given = { WHATSAPP_DATA_DIR: 'data', WHATSAPP_BRIDGE_TOKEN_FILE: '~/token', WHATSAPP_BRIDGE: 'baileys' };
    expect(entryOf(given, at(checkout)).env).toEqual({
      WHATSAPP_DATA_DIR: resolve('data'),
      WHATSAPP_BRIDGE_TOKEN_FILE: join(homedir(), 'token'),
      WHATSAPP_BRIDGE: 'baileys',
    });
  });

  test('of WSL gives its variables as words, because Windows passes none', () => {
    const entry = { command: '/opt/node', args: ['/srv/main.js', 'serve'] };
    expect(throughWsl(entry, 'Ubuntu')).toEqual({
      command: 'wsl.exe',
      args: ['-d', 'Ubuntu', '-e', '/opt/node', '/srv/main.js', 'serve'],
    });
    expect(throughWsl({ ...entry, env: { A: 'b c' } }, 'Ubuntu').args).toEqual([
      ...['-d', 'Ubuntu', '-e', '/usr/bin/env', 'A=b c', '/opt/node', '/srv/main.js', 'serve'],
    ]);
  });
});

const foreign = [
  { url: 'http://127.0.0.1:1/sse', type: 'sse' },
  { command: 'uv', args: ['run', 'whatsapp-mcp-server'] },
  { command: 'node', args: ['/srv/whatsapp-mcp/dist/main.js'] },
  { command: 'node', args: ['dist/index.js', 'serve'] },
  { args: 3 },
  {},
];
const ours = [
  { command: 'npx', args: ['-y', 'whatsapp-hybrid-mcp', 'serve'] },
  { command: 'cmd', args: ['/c', 'npx', 'whatsapp-hybrid-mcp@1.2.3', 'serve'] },
  { command: '/usr/bin/node', args: ['/srv/wa/dist/main.js', 'serve'] },
  { command: 'C:\\node.exe', args: ['C:\\wa\\dist\\main.js', 'serve', '--bridge', 'baileys'] },
  { command: '/usr/local/bin/whatsapp-hybrid-mcp', args: ['serve'] },
  throughWsl({ command: '/opt/node', args: ['/srv/dist/main.js', 'serve'], env: { A: 'b' } }, 'Ubuntu'),
];

describe('The name of the entry', () => {
  test.each(foreign)('leaves the first one to another server: %j', (whatsapp) => {
    expect(ownName({ whatsapp })).toBe('whatsapp-hybrid');
    expect(ownName({ whatsapp, 'whatsapp-hybrid': whatsapp })).toBeUndefined();
  });

  test.each(ours)('is the one that we have already: %j', (entry) => {
    expect(ownName({ whatsapp: entry })).toBe('whatsapp');
    expect(ownName({ whatsapp: foreign[0], family: entry })).toBe('family');
    expect(ownName({ family: entry, whatsapp: entry })).toBe('whatsapp');
  });

  test.each([undefined, null, {}, { notes: foreign[0] }])('is the first one where none is taken: %j', (servers) => {
    expect(ownName(servers)).toBe('whatsapp');
  });
});
