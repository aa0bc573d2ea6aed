import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { UserError } from '../refusal.ts';

/** What decides where programs keep their files. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: NodeJS.ProcessEnv;
  /** The names in a folder; undefined when it is no readable folder. */
  list(folder: string): readonly string[] | undefined;
}

export const thisMachine = (): Machine => ({
  platform: process.platform,
  home: homedir(),
  env: process.env,
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return undefined;
    }
  },
});

/** The folders of one user on one system. */
export interface Layout {
  home: string;
  /** The parent folder of desktop programs' settings. */
  settings: string;
  /** The settings folders of programs that Windows installed as packages (MSIX), by the name of the package. */
  packaged: ReadonlyMap<string, string>;
  join(...parts: readonly string[]): string;
}

/** The folders of this system's user. */
export function ownLayout(machine: Machine): Layout {
  const { platform, home, env } = machine;
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
    return windowsLayout(machine, win32.join, home, { roaming: env['APPDATA'], local });
  }
  const settings =
    platform === 'darwin'
      ? posix.join(home, 'Library', 'Application Support')
      : env['XDG_CONFIG_HOME'] || posix.join(home, '.config');
  return { home, settings, packaged: new Map(), join: posix.join };
}

/** The name of the distribution when this Linux runs inside Windows (WSL). */
export const wslDistribution = ({ platform, env }: Machine): string | undefined =>
  platform === 'linux' ? env['WSL_DISTRO_NAME'] || undefined : undefined;

/** Where WSL shows the users' folders of Windows, unless the user moved them. */
const windowsUsers = ['/mnt/c/Users', '/c/Users'];
const notPeople = new Set(['All Users', 'Default', 'Default User', 'Public', 'desktop.ini']);

/** The folders of the users of Windows, seen from WSL. */
export function windowsLayouts(machine: Machine): Layout[] {
  const users = windowsUsers.find((folder) => machine.list(folder) !== undefined);
  const names = users === undefined ? [] : (machine.list(users) ?? []).filter((name) => !notPeople.has(name));
  const own = machine.env['USERPROFILE'] && win32.basename(machine.env['USERPROFILE']);
  return names
    .filter((name) => !own || name.toLowerCase() === own.toLowerCase())
    .map((name) => windowsLayout(machine, posix.join, posix.join(users ?? '', name)));
}

function windowsLayout(
  { list }: Machine,
  join: Layout['join'],
  home: string,
  { roaming, local = join(home, 'AppData', 'Local') }: { roaming?: string | undefined; local?: string } = {},
): Layout {
  const packages = join(local, 'Packages');
  return {
    home,
    settings: roaming || join(home, 'AppData', 'Roaming'),
    packaged: new Map((list(packages) ?? []).map((name) => [name, join(packages, name, 'LocalCache', 'Roaming')])),
    join,
  };
}

/** Throws UserError when clients of several users were found: only the person knows which is meant. */
export function assertOneUser(layouts: readonly Layout[], title: string): void {
  if (layouts.length < 2) return;
  const homes = layouts.map(({ home }) => home).join(' and ');
  throw new UserError(
    `Several users of Windows have ${title}: ${homes}.`,
    'Name yours: run the command with USERPROFILE set to the folder of your user, such as USERPROFILE=C:\\Users\\you.',
  );
}
