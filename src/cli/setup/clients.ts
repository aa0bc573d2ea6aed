import type { Layout } from './machine.ts';

/** An MCP client and its configuration files. */
export interface Client {
  title: string;
  format: 'json' | 'toml';
  /** The table of servers in that file: name to entry. */
  table: string;
  /** Whether the entry must name its transport, stdio. */
  namesTransport: boolean;
  /** Whether it is a desktop program: beside WSL it runs on Windows. */
  isDesktop: boolean;
  /** How to make the client read the file again. */
  nextStep: string;
  /** The variable with which a user moves the folder of the file. */
  movedBy?: string;
  /** Where its installations keep the file, the usual one first. */
  places(layout: Layout): readonly string[];
}

const inHome =
  (...parts: readonly string[]) =>
  ({ join, home }: Layout) => [join(home, ...parts)];

/** Claude Desktop from its installer or the Store is a package: Windows gives it a settings folder of its own. */
const claudeDesktop = ({ join, settings, packaged }: Layout): string[] =>
  [...packaged]
    .filter(([name]) => /^Claude_/i.test(name))
    .map(([, folder]) => folder)
    .concat(settings)
    .map((folder) => join(folder, 'Claude', 'claude_desktop_config.json'));

const vscode = ({ join, settings, home }: Layout): string[] => [
  ...['Code', 'Code - Insiders', 'VSCodium'].map((name) => join(settings, name, 'User', 'mcp.json')),
  ...['com.visualstudio.code', 'com.vscodium.codium'].map((name) =>
    join(home, '.var', 'app', name, 'config', name.endsWith('code') ? 'Code' : 'VSCodium', 'User', 'mcp.json'),
  ),
];

const restart = (title: string): string => `Quit ${title} and start it again.`;

/** Clients by their command line name. Paths follow their vendors' documentation for user settings. */
export const clients = {
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    isDesktop: true,
    nextStep: restart('Claude Desktop'),
    places: claudeDesktop,
  },
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    table: 'mcpServers',
    namesTransport: true,
    isDesktop: false,
    nextStep: 'Start a new session; /mcp shows the server.',
    movedBy: 'CLAUDE_CONFIG_DIR',
    places: inHome('.claude.json'),
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    isDesktop: true,
    nextStep: 'Cursor reads it by itself: Settings › MCP shows the server.',
    places: inHome('.cursor', 'mcp.json'),
  },
  vscode: {
    title: 'VS Code',
    format: 'json',
    table: 'servers',
    namesTransport: true,
    isDesktop: true,
    nextStep: 'Start it with the command "MCP: List Servers".',
    places: vscode,
  },
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    isDesktop: true,
    nextStep: 'Press Refresh under Settings › Cascade › MCP servers.',
    places: inHome('.codeium', 'windsurf', 'mcp_config.json'),
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    table: 'mcp_servers',
    namesTransport: false,
    isDesktop: false,
    nextStep: restart('Codex'),
    movedBy: 'CODEX_HOME',
    places: inHome('.codex', 'config.toml'),
  },
  gemini: {
    title: 'Gemini CLI',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    isDesktop: false,
    nextStep: restart('Gemini CLI'),
    places: inHome('.gemini', 'settings.json'),
  },
} as const satisfies Record<string, Client>;

export type ClientName = keyof typeof clients;
