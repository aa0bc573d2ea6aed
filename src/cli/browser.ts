import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handover } from '../page/door.ts';
import { makeFolder } from '../system/folder.ts';

/** Decides whether a browser can be shown to the user. */
export interface DesktopEnvironment {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}

/** Whether this machine has a screen for the user: no SSH connection, and on Linux a display. */
export function hasDisplay({ platform, env }: DesktopEnvironment): boolean {
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['WSL_DISTRO_NAME']);
}

/**
 * A file that leads the user's browser to a page; call `remove` after the browser has opened it, and in any case at the
 * end.
 */
export interface HandoverFile {
  path: string;
  remove(): void;
}

const names = /^page-[A-Za-z0-9_-]+\.html$/;

/**
 * Writes a page, readable by its user only, that passes on the code of an address: the address itself would appear in
 * the process list, which every user of this machine can read. Also removes pages of killed commands.
 */
export function writeHandover(url: string, folder: string): HandoverFile {
  makeFolder(folder);
  for (const name of readdirSync(folder)) if (names.test(name)) rmSync(join(folder, name), { force: true });
  const path = join(folder, `page-${randomBytes(6).toString('base64url')}.html`);
  writeFileSync(path, handover(url), { flag: 'wx', mode: 0o600 });
  return { path, remove: () => rmSync(path, { force: true }) };
}

/** Opens a file in the user's browser; false when there is none. */
export async function openBrowser(path: string, desk: DesktopEnvironment = process): Promise<boolean> {
  if (!hasDisplay(desk)) return false;
  try {
    const { default: open } = await import('open');
    const opened = await open(path);
    opened.on('error', () => {}); // the terminal shows the address too
    return true;
  } catch {
    return false;
  }
}
