import { dirname, isAbsolute, win32 } from 'node:path';
import { UserError } from '../refusal.ts';
import { type Client, type ClientName, clients } from './clients.ts';
import { assertOneUser, type Layout, type Machine, ownLayout, windowsLayouts, wslDistribution } from './machine.ts';

/** A configuration file of a client, and the distribution through which Windows starts a server for it. */
export interface Place {
  file: string;
  wsl?: string;
}

/**
 * The files that the installed clients of this name read: all of them where several are installed, the usual one where
 * none is. In WSL a desktop client is looked for on Windows. Throws UserError when it is not found there, or under
 * several users.
 */
export function placesOf(name: ClientName, machine: Machine): Place[] {
  const client: Client = clients[name];
  const moved = movedPlaces(client, machine);
  if (moved) return moved;
  const found = installedPlaces(client, machine);
  if (found.length > 0) return found;
  if (client.isDesktop && wslDistribution(machine) !== undefined) throw notOnWindows(client.title);
  return [defaultPlace(client, machine)];
}

/** The same for a person who edits the file: the usual place where none can be told. */
export function placesToPrint(name: ClientName, machine: Machine): Place[] {
  const client: Client = clients[name];
  const wsl = client.isDesktop ? wslDistribution(machine) : undefined;
  if (wsl === undefined) return placesOf(name, machine);
  const found = installedPlaces(client, machine);
  const onWindows: Machine = { ...machine, platform: 'win32', home: 'C:\\Users\\you', env: {}, list: () => undefined };
  return found.length > 0 ? found : [{ ...defaultPlace(client, onWindows), wsl }];
}

function movedPlaces({ movedBy, places }: Client, machine: Machine): Place[] | undefined {
  const folder = movedBy && machine.env[movedBy];
  const own = ownLayout(machine);
  return folder ? places(own).map((file) => ({ file: own.join(absolute(folder, own), lastPart(file)) })) : undefined;
}

function defaultPlace({ places }: Client, machine: Machine): Place {
  const [file = ''] = places(ownLayout(machine));
  return { file };
}

function installedPlaces({ title, isDesktop, places }: Client, machine: Machine): Place[] {
  const installed = (layout: Layout) =>
    places(layout).filter((file) => machine.list(folderOf(file, machine)) !== undefined);
  const own = installed(ownLayout(machine)).map((file) => ({ file }));
  const wsl = isDesktop ? wslDistribution(machine) : undefined;
  if (wsl === undefined) return own;
  const users = windowsLayouts(machine).filter((layout) => installed(layout).length > 0);
  assertOneUser(users, title);
  return [...own, ...users.flatMap(installed).map((file) => ({ file, wsl }))];
}

const folderOf = (file: string, { platform }: Machine): string =>
  platform === 'win32' ? win32.dirname(file) : dirname(file);

const lastPart = (file: string): string => file.split(/[\\/]/).at(-1) ?? '';

/** Variables may hold a path that no shell has expanded. */
const absolute = (path: string, { home, join }: Layout): string =>
  isAbsolute(path) || win32.isAbsolute(path) ? path : join(home, path.replace(/^~[\\/]?/, ''));

const notOnWindows = (title: string): UserError =>
  new UserError(
    `${title} runs on Windows beside WSL, and no settings of it were found under /mnt/c/Users.`,
    `Start ${title} once, so that it makes them; or add the entry by hand: --print shows it.`,
  );
