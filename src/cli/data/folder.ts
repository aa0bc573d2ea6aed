import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bridgePaths, dataPaths } from '../../config.ts';

/** One of our files in a data directory. */
export interface OwnFile {
  /** Below the data directory, by the name that we look for. */
  path: string;
  /** Where its contents are, when `path` is a link: null when the link leads nowhere. */
  target?: string | null;
  bytes: number;
  isDatabase: boolean;
}

/** What SQLite keeps beside a database while it is used. */
const besideDatabase = '(-wal|-shm|-journal)?';
/** A copy that a process is writing, with its number, before it is put in its place. */
const staged = '(\\.staged-\\d+)?';

const { env: _env, messages, search, auth, staging, lock } = dataPaths('');
const bridge = bridgePaths('');

const databases = [messages, search, 'sends.db', bridge.session, bridge.lock, auth, staging, lock];
/** Everything else that either program writes, drafts that a killed process left included. */
const others = [
  'policy\\.json',
  `${literal(bridge.address)}(\\.\\d+)?`,
  `${literal(bridge.token)}(\\.\\d+(\\.[0-9a-f]+)?)?`,
  `${literal(slashed(lock))}\\.owner(\\.new)?`,
  'page-[A-Za-z0-9_-]+\\.html',
];
const databaseNames = new RegExp(`^(${databases.map(slashed).map(literal).join('|')})${staged}${besideDatabase}$`);
const otherNames = new RegExp(`^(${others.join('|')})$`);

function literal(text: string): string {
  return text.replaceAll('.', '\\.');
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** The folders of a data directory in which files of ours are: itself and that of the linked device. */
export const ownFolders = (dataDir: string): string[] => [dataDir, dirname(dataPaths(dataDir).auth)];

/** Empty folders with which doctor looks at the clock, left by one that was killed. */
export const clockFolders = (dataDir: string): string[] =>
  entries(dataDir)
    .filter((name) => /^clock-[A-Za-z0-9]{6}$/.test(name))
    .map((name) => join(dataDir, name));

/** Where a simulation keeps its own files when no other place is named. */
export const simulatedFolder = (dataDir: string): string => join(dataDir, 'simulated');

/**
 * Every file in a data directory that one of our programs made, links included, sorted by path. The user's `.env` is none
 * of them, nor is anything whose name we do not know.
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
