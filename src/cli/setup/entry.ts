import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, posix, resolve, sep, win32 } from 'node:path';
import { isPlainObject } from '../../domain/plain-object.ts';
import { fromHome, type SettingName, type Sources, settings } from '../../settings.ts';
import type { Entry } from './change.ts';

export interface Origin {
  platform: NodeJS.Platform;
  /** The folder of our package.json. */
  root: string;
  /** The path of the running Node: a client started from a desktop may find no Node, or another one. */
  node: string;
  /** The folders of programs of the person's shell, as in PATH. */
  path: string;
}

/** The server's name in clients. */
export const serverName = 'whatsapp';
/** Its names in order: the second where the first belongs to another server. */
const serverNames = [serverName, 'whatsapp-hybrid'] as const;
const packageName = 'whatsapp-hybrid-mcp';

/**
 * How to start the server: the program of a checkout or of an installed package by its absolute path, else the published
 * package by npx. Given settings become the environment.
 */
export function entryOf(given: Sources, origin: Origin): Entry {
  const { root } = origin;
  const node = lastingPath(origin);
  const env = environment(given);
  if (!isTemporary(root)) return withEnv({ command: node, args: [join(root, 'dist', 'main.js'), 'serve'] }, env);
  return withEnv(published(origin.platform, node), { PATH: searchPath(origin.platform, node), ...env });
}

/** Starts the entry of a Linux inside Windows (WSL) from a program of Windows, which passes it no variables. */
export function throughWsl({ command, args, env = {} }: Entry, distribution: string): Entry {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const set = variables.length > 0 ? ['/usr/bin/env', ...variables] : [];
  return { command: 'wsl.exe', args: ['-d', distribution, '-e', ...set, command, ...args] };
}

/**
 * The name under which a table of servers has our entry or may take it: that of an entry that starts our program, else
 * the first free one of ours. Undefined when other servers have both.
 */
export function ownName(servers: unknown): string | undefined {
  const table = isPlainObject(servers) ? servers : {};
  const ours = [...serverNames, ...Object.keys(table)].find((name) => isOurs(table[name]));
  return ours ?? serverNames.find((name) => !Object.hasOwn(table, name));
}

/** Whether an entry starts this program: by the package's name, or as `dist/main.js serve`. */
function isOurs(entry: unknown): boolean {
  if (!isPlainObject(entry)) return false;
  const words = [entry['command'], ...(Array.isArray(entry['args']) ? entry['args'] : [])].map(String);
  const parts = words.map((word) => word.split(/[\\/]/));
  return (
    parts.some((part) => part.some((name) => name.replace(/@.*/, '') === packageName)) ||
    parts.some((part, at) => part.slice(-2).join('/') === 'dist/main.js' && words[at + 1] === 'serve')
  );
}

const withEnv = (start: Entry, env: Record<string, string>): Entry =>
  Object.keys(env).length === 0 ? start : { ...start, env };

/** Package runners delete their copies by themselves. */
const isTemporary = (root: string): boolean =>
  root.split(/[\\/]/).some((name) => name === '_npx' || name.startsWith('dlx') || name.startsWith('bunx-'));

/** npx beside the running Node. On Windows it is a script, which clients can only start through a shell. */
function published(platform: NodeJS.Platform, node: string): Entry {
  const args = ['-y', packageName, 'serve'];
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'npx', ...args] };
  return { command: posix.join(posix.dirname(node), 'npx'), args };
}

/** npx looks for Node in PATH, and a client started from a desktop has not the PATH of a shell. */
function searchPath(platform: NodeJS.Platform, node: string): string {
  if (platform !== 'win32') return [posix.dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
  return [win32.dirname(node), 'C:\\Windows\\System32', 'C:\\Windows'].join(';');
}

/** Homebrew's path of Node has its version in it and goes away with an update; the link in PATH stays. */
function lastingPath({ node, path }: Origin): string {
  if (!node.split(sep).includes('Cellar')) return node;
  const links = path.split(delimiter).map((folder) => join(folder, 'node'));
  return links.find((link) => !link.includes('Cellar') && leadsTo(link, node)) ?? node;
}

function leadsTo(link: string, file: string): boolean {
  return existsSync(link) && realpathSync(link) === realpathSync(file);
}

/** Clients start servers from any folder and expand no `~`, so paths must be absolute. */
function environment(given: Sources): Record<string, string> {
  const entries = Object.entries(given) as [SettingName, string][];
  return Object.fromEntries(entries.map(([name, value]) => [name, isPath(name) ? resolve(fromHome(value)) : value]));
}

const isPath = (name: SettingName): boolean => 'folder' in settings[name].takes || 'file' in settings[name].takes;
