import { describe, expect, test } from 'vitest';
import { type ClientName, clients, type Machine } from '../../../src/cli/setup/clients.ts';

const mac: Machine = { platform: 'darwin', home: '/Users/ada', env: {} };
const linux: Machine = { platform: 'linux', home: '/home/ada', env: {} };
const windows: Machine = {
  platform: 'win32',
  home: 'C:\\Users\\ada',
  env: { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
};

/** Paths on macOS, Linux and Windows. */
const places: Record<ClientName, readonly [string, string, string]> = {
  'claude-desktop': [
    '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    '/home/ada/.config/Claude/claude_desktop_config.json',
    'C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
  ],
  'claude-code': ['/Users/ada/.claude.json', '/home/ada/.claude.json', 'C:\\Users\\ada\\.claude.json'],
  cursor: ['/Users/ada/.cursor/mcp.json', '/home/ada/.cursor/mcp.json', 'C:\\Users\\ada\\.cursor\\mcp.json'],
  vscode: [
    '/Users/ada/Library/Application Support/Code/User/mcp.json',
    '/home/ada/.config/Code/User/mcp.json',
    'C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json',
  ],
  windsurf: [
    '/Users/ada/.codeium/windsurf/mcp_config.json',
    '/home/ada/.codeium/windsurf/mcp_config.json',
    'C:\\Users\\ada\\.codeium\\windsurf\\mcp_config.json',
  ],
  codex: ['/Users/ada/.codex/config.toml', '/home/ada/.codex/config.toml', 'C:\\Users\\ada\\.codex\\config.toml'],
  gemini: [
    '/Users/ada/.gemini/settings.json',
    '/home/ada/.gemini/settings.json',
    'C:\\Users\\ada\\.gemini\\settings.json',
  ],
};

describe.each(Object.keys(clients) as ClientName[])('%s', (name) => {
  test('has its file where its maker says, on each system', () => {
    const { file } = clients[name];
    expect([mac, linux, windows].map(file)).toEqual(places[name]);
  });
});

describe('The places', () => {
  test('follow the variables with which a user moves them', () => {
    expect(clients.vscode.file({ ...linux, env: { XDG_CONFIG_HOME: '/x' } })).toBe('/x/Code/User/mcp.json');
    expect(clients.codex.file({ ...mac, env: { CODEX_HOME: '/y' } })).toBe('/y/config.toml');
    expect(clients['claude-desktop'].file({ ...windows, env: {} })).toBe(places['claude-desktop'][2]);
  });
});
