import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { entryOf } from '../../../src/cli/setup/entry.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'whatsapp-entry-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const on = (platform: NodeJS.Platform) => ({ platform, root, node: '/opt/node' });

describe('The entry', () => {
  test('starts the published package, on Windows through a shell', () => {
    expect(entryOf({}, on('linux'))).toEqual({ command: 'npx', args: ['-y', 'whatsapp-hybrid-mcp', 'serve'] });
    expect(entryOf({}, on('win32'))).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'whatsapp-hybrid-mcp', 'serve'],
    });
  });

  test('starts a checkout itself, with the Node that runs it', () => {
    mkdirSync(join(root, 'src'));
    expect(entryOf({}, on('linux'))).toEqual({ command: '/opt/node', args: [join(root, 'dist', 'main.js'), 'serve'] });
  });

  test('carries the settings that were given, folders in full', () => {
    const { env } = entryOf({ WHATSAPP_DATA_DIR: 'data', WHATSAPP_BRIDGE: 'baileys' }, on('linux'));
    expect(env).toEqual({ WHATSAPP_DATA_DIR: resolve('data'), WHATSAPP_BRIDGE: 'baileys' });
  });
});
