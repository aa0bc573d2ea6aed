import { posix, win32 } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ClientName, clients } from '../../../src/cli/setup/clients.ts';
import type { Machine } from '../../../src/cli/setup/machine.ts';
import { placesOf, placesToPrint } from '../../../src/cli/setup/places.ts';

/** The folders that lead to these files, as a listing of another machine recorded them. */
function recorded(files: readonly string[], { dirname, basename }: typeof posix): Machine['list'] {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    for (let path = file; dirname(path) !== path; path = dirname(path)) {
      const names = folders.get(dirname(path)) ?? new Set();
      folders.set(dirname(path), names.add(basename(path)));
    }
  }
  return (folder) => (folders.has(folder) ? [...(folders.get(folder) ?? [])] : undefined);
}

const mac = (...files: string[]): Machine => ({
  platform: 'darwin',
  home: '/Users/ada',
  env: {},
  list: recorded(files, posix),
});
const linux = (...files: string[]): Machine => ({ ...mac(...files), platform: 'linux', home: '/home/ada' });
const windows = (...files: string[]): Machine => ({
  platform: 'win32',
  home: 'C:\\Users\\ada',
  env: { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
  list: recorded(files, win32),
});
const wsl = (...files: string[]): Machine => ({ ...linux(...files), env: { WSL_DISTRO_NAME: 'Ubuntu' } });
const filesOf = (name: ClientName, machine: Machine) => placesOf(name, machine).map(({ file }) => file);

/** The usual file on macOS, Linux and Windows. */
const usual: Record<ClientName, readonly [string, string, string]> = {
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
    expect([mac(), linux(), windows()].map((machine) => filesOf(name, machine))).toEqual(
      usual[name].map((file) => [file]),
    );
  });
});

const msix = 'C:\\Users\\ada\\AppData\\Local\\Packages\\Claude_abc123\\LocalCache\\Roaming\\Claude';
const classic = 'C:\\Users\\ada\\AppData\\Roaming\\Claude';
const config = '\\claude_desktop_config.json';

describe('An installed client', () => {
  test('of a Windows package has the settings folder of the package', () => {
    expect(filesOf('claude-desktop', windows(`${msix}\\logs`))).toEqual([msix + config]);
    const elsewhere = { ...windows(`${msix}\\logs`), env: {} };
    expect(filesOf('claude-desktop', elsewhere)).toEqual([msix + config]);
  });

  test('is found in all its places', () => {
    const both = windows(msix + config, classic + config);
    expect(filesOf('claude-desktop', both)).toEqual([msix + config, classic + config]);
    const insiders = linux('/home/ada/.config/Code - Insiders/User/settings.json');
    expect(filesOf('vscode', insiders)).toEqual(['/home/ada/.config/Code - Insiders/User/mcp.json']);
    const flatpak = linux('/home/ada/.var/app/com.visualstudio.code/config/Code/User/settings.json');
    expect(filesOf('vscode', flatpak)).toEqual(['/home/ada/.var/app/com.visualstudio.code/config/Code/User/mcp.json']);
  });

  test('is not mistaken for a package of another program', () => {
    const other = msix.replace('Claude_abc123', 'ClaudeNotes_abc123');
    expect(filesOf('claude-desktop', windows(other + config))).toEqual([classic + config]);
  });
});

describe('The variables with which a user moves a folder', () => {
  test.each([
    ['vscode', linux(), 'XDG_CONFIG_HOME', '/x', '/x/Code/User/mcp.json'],
    ['codex', mac(), 'CODEX_HOME', '/y', '/y/config.toml'],
    ['codex', mac(), 'CODEX_HOME', '~/codex', '/Users/ada/codex/config.toml'],
    ['claude-code', linux(), 'CLAUDE_CONFIG_DIR', '/home/ada/.claude-work', '/home/ada/.claude-work/.claude.json'],
    ['claude-code', windows(), 'CLAUDE_CONFIG_DIR', 'D:\\claude', 'D:\\claude\\.claude.json'],
    ['claude-code', linux(), 'CLAUDE_CONFIG_DIR', '', '/home/ada/.claude.json'],
  ] as const)('%s: %#', (name, machine, variable, value, file) => {
    expect(filesOf(name, { ...machine, env: { ...machine.env, [variable]: value } })).toEqual([file]);
  });
});

const desktop = '/mnt/c/Users/Ada/AppData/Roaming/Claude/claude_desktop_config.json';
const packaged =
  '/mnt/c/Users/Ada/AppData/Local/Packages/Claude_abc123/LocalCache/Roaming/Claude/claude_desktop_config.json';

describe('In WSL', () => {
  test('a desktop client has its file on Windows, and is started through WSL', () => {
    expect(placesOf('claude-desktop', wsl(desktop))).toEqual([{ file: desktop, wsl: 'Ubuntu' }]);
    expect(placesOf('claude-desktop', wsl(packaged, '/mnt/c/Users/Public/x'))).toEqual([
      { file: packaged, wsl: 'Ubuntu' },
    ]);
    expect(placesOf('cursor', wsl('/mnt/c/Users/Ada/.cursor/extensions'))).toEqual([
      { file: '/mnt/c/Users/Ada/.cursor/mcp.json', wsl: 'Ubuntu' },
    ]);
  });

  test('a program of the terminal has its file here', () => {
    expect(placesOf('claude-code', wsl(desktop))).toEqual([{ file: '/home/ada/.claude.json' }]);
  });

  test('a desktop client in a window of Linux counts too', () => {
    const own = '/home/ada/.config/Code/User/mcp.json';
    const theirs = '/mnt/c/Users/Ada/AppData/Roaming/Code/User/mcp.json';
    expect(placesOf('vscode', wsl(own, theirs))).toEqual([{ file: own }, { file: theirs, wsl: 'Ubuntu' }]);
  });

  test('that is not found is said, and printed for Windows', () => {
    expect(() => placesOf('claude-desktop', wsl())).toThrow(
      expect.objectContaining({ message: expect.stringContaining('beside WSL') }),
    );
    expect(placesToPrint('claude-desktop', wsl())).toEqual([
      { file: 'C:\\Users\\you\\AppData\\Roaming\\Claude\\claude_desktop_config.json', wsl: 'Ubuntu' },
    ]);
  });

  test('of several users needs a word of the person', () => {
    const other = desktop.replace('Ada', 'Bo');
    const both = wsl(desktop, other);
    expect(() => placesOf('claude-desktop', both)).toThrow(/Users\/Ada and \/mnt\/c\/Users\/Bo/);
    const mine = { ...both, env: { ...both.env, USERPROFILE: 'C:\\Users\\ada' } };
    expect(placesOf('claude-desktop', mine)).toEqual([{ file: desktop, wsl: 'Ubuntu' }]);
  });
});
