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

/** Shows an address in the user's browser; false when there is none to show it. */
export async function openBrowser(url: string, desk: Desk = process): Promise<boolean> {
  if (!hasDisplay(desk)) return false;
  try {
    const { default: open } = await import('open');
    const opened = await open(url);
    opened.on('error', () => {}); // the address was said, too
    return true;
  } catch {
    return false;
  }
}
