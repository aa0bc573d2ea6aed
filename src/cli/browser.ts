import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handover } from '../page/door.ts';

/** What decides whether a browser can show itself to the one who typed the command. */
export interface Desk {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}

/** Whether there is a screen here: not at the far end of an SSH connection, and on Linux a display. */
export function hasDisplay({ platform, env }: Desk): boolean {
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['WSL_DISTRO_NAME']);
}

/** A file that leads the user's browser to a page; `remove` when the browser has been there, and in any case at the end. */
export interface HandoverFile {
  path: string;
  remove(): void;
}

const names = /^page-[A-Za-z0-9_-]+\.html$/;

/**
 * Writes a page, for its user alone, that hands the code of an address over: the address itself would stand in the list
 * of processes, where everybody on this machine reads it. Those of commands that were killed go.
 */
export function writeHandover(url: string, folder: string): HandoverFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (names.test(name)) rmSync(join(folder, name), { force: true });
  const path = join(folder, `page-${randomBytes(6).toString('base64url')}.html`);
  writeFileSync(path, handover(url), { flag: 'wx', mode: 0o600 });
  return { path, remove: () => rmSync(path, { force: true }) };
}

/** Shows a file in the user's browser; false when there is none to show it. */
export async function openBrowser(path: string, desk: Desk = process): Promise<boolean> {
  if (!hasDisplay(desk)) return false;
  try {
    const { default: open } = await import('open');
    const opened = await open(path);
    opened.on('error', () => {}); // the address was said, too
    return true;
  } catch {
    return false;
  }
}
