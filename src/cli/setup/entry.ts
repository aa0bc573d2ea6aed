import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SettingName, Sources } from '../../settings.ts';

/** The command with which a client starts our server. */
export interface Entry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

export interface Origin {
  platform: NodeJS.Platform;
  /** The folder of our package.json. */
  root: string;
  /** The path of the running Node: a client started from a desktop may find no Node, or another one. */
  node: string;
}

/** The server's name in clients. */
export const serverName = 'whatsapp';

/** From a checkout the built program, otherwise the published package; given settings become its environment. */
export function entryOf(given: Sources, { platform, root, node }: Origin): Entry {
  const env = environment(given);
  const start = existsSync(join(root, 'src'))
    ? { command: node, args: [join(root, 'dist', 'main.js'), 'serve'] }
    : published(platform);
  return Object.keys(env).length === 0 ? start : { ...start, env };
}

/** On Windows npx is a script, which clients can only start through a shell. */
function published(platform: NodeJS.Platform): Entry {
  const args = ['-y', 'whatsapp-hybrid-mcp', 'serve'];
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...args] } : { command: 'npx', args };
}

/** Clients start servers from any folder, so paths must be absolute. */
function environment(given: Sources): Record<string, string> {
  const entries = Object.entries(given) as [SettingName, string][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'WHATSAPP_DATA_DIR' ? resolve(value) : value]),
  );
}
