import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bridgePaths, dataPaths } from '../../config.ts';

/** One of our files in a data directory. */
export interface OwnFile {
  /** The path below the data directory under the name that we expect. */
  path: string;
  /** The target when `path` is a link; null when the link is broken. */
  target?: string | null;
  bytes: number;
  isDatabase: boolean;
}

/** What SQLite keeps beside a database while it is used. */
const besideDatabase = '(?:-wal|-shm|-journal)?';
/** A copy that a process is writing, with its number, before it is put in its place. */
const draft = '\\.staged-(\\d+)|\\.(\\d+)\\.new|(?:\\.\\d+\\.new)?\\.(\\d+)\\.draft';
/** What another file took the place of, with the time at which that was. */
const replaced = '\\.before-\\d{8}T\\d{6}Z';

const { env: _env, ...databasesOfNode } = dataPaths('');
const bridge = bridgePaths('');

const databases = [...Object.values(databasesOfNode), 'sends.db', bridge.session, bridge.lock];
/** Everything else that either program writes, drafts that a killed process left included. */
const others = [
  'policy\\.json',
  `${literal(bridge.address)}(\\.\\d+)?`,
  `${literal(bridge.token)}(\\.\\d+(\\.[0-9a-f]+)?)?`,
  `${literal(slashed(databasesOfNode.lock))}\\.owner(\\.new)?`,
  'page-[A-Za-z0-9_-]+\\.html',
];
const databaseName = `(?:${databases.map(slashed).map(literal).join('|')})`;
const databaseNames = new RegExp(`^${databaseName}(${draft}|${replaced})?${besideDatabase}$`);
const draftNames = new RegExp(`^${databaseName}(?:${draft})${besideDatabase}$`);
const otherNames = new RegExp(`^(${others.join('|')})$`);

function literal(text: string): string {
  return text.replaceAll('.', '\\.');
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** The folders of a data directory with our files: the directory itself and the folder of the linked device. */
export const ownFolders = (dataDir: string): string[] => [dataDir, dirname(dataPaths(dataDir).auth)];

/** Every database of a data directory at its place, whether it is there or not; see also `ownFiles`. */
export const databasesOf = (dataDir: string): string[] => databases.map((path) => join(dataDir, path));

/** Databases in a data directory that a process was making, with its number. */
export function draftsIn(dataDir: string): { path: string; pid: number }[] {
  return ownFiles(dataDir).flatMap(({ path }) => {
    const [, ...numbers] = draftNames.exec(slashed(relative(dataDir, path))) ?? [];
    const pid = numbers.find((number) => /^\d+$/.test(number ?? ''));
    return pid === undefined ? [] : [{ path, pid: Number(pid) }];
  });
}

/** Empty folders with which doctor looks at the clock, left by one that was killed. */
export const clockFolders = (dataDir: string): string[] =>
  entries(dataDir)
    .filter((name) => /^clock-[A-Za-z0-9]{6}$/.test(name))
    .map((name) => join(dataDir, name));

/** The default folder of a simulation's files. */
export const simulatedFolder = (dataDir: string): string => join(dataDir, 'simulated');

/**
 * All files in a data directory that our programs created, including links, sorted by path. Excludes the user's `.env`
 * and every unknown name.
 */
export function ownFiles(dataDir: string): OwnFile[] {
  return ownFolders(dataDir).flatMap((folder) =>
    entries(folder).flatMap((name) => {
      const path = join(folder, name);
      const known = slashed(relative(dataDir, path));
      const isDatabase = databaseNames.test(known);
      return isDatabase || otherNames.test(known) ? fileAt(path, isDatabase) : [];
    }),
  );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function fileAt(path: string, isDatabase: boolean): OwnFile[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return [{ path, bytes: found.size, isDatabase }];
  if (!found?.isSymbolicLink()) return [];
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return [{ path, target: null, bytes: 0, isDatabase }];
  return there.isFile() ? [{ path, target: realpathSync(path), bytes: there.size, isDatabase }] : [];
}
