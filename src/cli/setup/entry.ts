import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SettingName, Sources } from '../../settings.ts';

/** How a client starts our server. */
export interface Entry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

export interface Origin {
  platform: NodeJS.Platform;
  /** The folder of our package.json. */
  root: string;
  /** The running Node: a client that was started from a desktop may find none, or another, by its name. */
  node: string;
}

/** The name under which clients know the server. */
export const serverName = 'whatsapp';

/** From a checkout the program itself, else the published package; settings that were given become its environment. */
export function entryOf(given: Sources, { platform, root, node }: Origin): Entry {
  const env = environment(given);
  const start = existsSync(join(root, 'src'))
    ? { command: node, args: [join(root, 'dist', 'main.js'), 'serve'] }
    : published(platform);
  return Object.keys(env).length === 0 ? start : { ...start, env };
}

/** On Windows npx is a script, which clients cannot start without a shell. */
function published(platform: NodeJS.Platform): Entry {
  const args = ['-y', 'whatsapp-hybrid-mcp', 'serve'];
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...args] } : { command: 'npx', args };
}

/** Clients start servers from any folder, so a folder must be named in full. */
function environment(given: Sources): Record<string, string> {
  const entries = Object.entries(given) as [SettingName, string][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'WHATSAPP_DATA_DIR' ? resolve(value) : value]),
  );
}
