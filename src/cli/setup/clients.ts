import { posix, win32 } from 'node:path';

/** Determines where programs keep their files. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: NodeJS.ProcessEnv;
}

/** An MCP client and its configuration file. */
export interface Client {
  title: string;
  format: 'json' | 'toml';
  /** The table of servers in that file: name to entry. */
  table: string;
  /** Whether the entry must name its transport, stdio. */
  namesTransport: boolean;
  /** How to make the client read the file again. */
  nextStep: string;
  file(machine: Machine): string;
}

/** The parent folder of desktop programs' settings. */
function settingsFolder({ platform, home, env }: Machine): string {
  if (platform === 'win32') return env['APPDATA'] || win32.join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] || posix.join(home, '.config');
}

const join = ({ platform }: Machine, ...parts: readonly string[]): string =>
  (platform === 'win32' ? win32 : posix).join(...parts);

const inSettings =
  (...parts: readonly string[]) =>
  (machine: Machine) =>
    join(machine, settingsFolder(machine), ...parts);

const inHome =
  (...parts: readonly string[]) =>
  (machine: Machine) =>
    join(machine, machine.home, ...parts);

const restart = (title: string): string => `Quit ${title} and start it again.`;

/** Clients by their command line name. Paths follow their vendors' documentation for user settings. */
export const clients = {
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    nextStep: restart('Claude Desktop'),
    file: inSettings('Claude', 'claude_desktop_config.json'),
  },
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    table: 'mcpServers',
    namesTransport: true,
    nextStep: 'Start a new session; /mcp shows the server.',
    file: inHome('.claude.json'),
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    nextStep: 'Cursor reads it by itself: Settings › MCP shows the server.',
    file: inHome('.cursor', 'mcp.json'),
  },
  vscode: {
    title: 'VS Code',
    format: 'json',
    table: 'servers',
    namesTransport: true,
    nextStep: 'Start it with the command "MCP: List Servers".',
    file: inSettings('Code', 'User', 'mcp.json'),
  },
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    nextStep: 'Press Refresh under Settings › Cascade › MCP servers.',
    file: inHome('.codeium', 'windsurf', 'mcp_config.json'),
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    table: 'mcp_servers',
    namesTransport: false,
    nextStep: restart('Codex'),
    file: (machine) => join(machine, machine.env['CODEX_HOME'] || join(machine, machine.home, '.codex'), 'config.toml'),
  },
  gemini: {
    title: 'Gemini CLI',
    format: 'json',
    table: 'mcpServers',
    namesTransport: false,
    nextStep: restart('Gemini CLI'),
    file: inHome('.gemini', 'settings.json'),
  },
} as const satisfies Record<string, Client>;

export type ClientName = keyof typeof clients;
