import { accessSync, constants, existsSync, opendirSync, statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../domain/errors.ts';
import { realFile } from '../../system/folder.ts';

/** Why a file of the data directory cannot be used. */
export type Fault =
  | 'damaged'
  | 'not_a_database'
  | 'other_program'
  | 'full'
  | 'read_only'
  | 'not_permitted'
  | 'cannot_open'
  | 'no_folder'
  | 'too_few_files'
  | 'io'
  | 'locked'
  | 'needs_room';

interface Words {
  /** Follows the name of the file. */
  what: string;
  /** What to do about it; `null` when that depends on the file. */
  next: string | null;
  retryable: boolean;
}

const faults: Record<Fault, Words> = {
  damaged: { what: 'is damaged', next: null, retryable: false },
  not_a_database: { what: 'is no database, or its beginning is damaged', next: null, retryable: false },
  other_program: {
    what: 'belongs to another program, and nothing was written to it',
    next: 'Name another folder in WHATSAPP_DATA_DIR.',
    retryable: false,
  },
  full: {
    what: 'cannot be written: the disk is full',
    next: 'Make room on the disk of the data directory, then call again.',
    retryable: true,
  },
  read_only: {
    what: 'cannot be written: the file or its folder is read-only',
    next: 'Make the data directory writable, or name another one in WHATSAPP_DATA_DIR.',
    retryable: false,
  },
  not_permitted: {
    what: 'may not be opened by this user',
    next: 'Give the data directory to the user that runs the server, or name another one in WHATSAPP_DATA_DIR.',
    retryable: false,
  },
  cannot_open: {
    what: 'cannot be opened',
    next: 'Check with `whatsapp-hybrid-mcp doctor` that the data directory is there and writable.',
    retryable: false,
  },
  no_folder: {
    what: 'cannot be made: its folder is not there, and no folder can be made at that place',
    next: 'Name another folder in WHATSAPP_DATA_DIR.',
    retryable: false,
  },
  too_few_files: {
    what: 'cannot be opened: the system lets this process have too few files open',
    next: 'Raise the limit where the server is started, for example with `ulimit -n 1024`, and start it again.',
    retryable: false,
  },
  io: {
    what: 'cannot be read or written: the disk reports an error',
    next: 'Check the disk, copy the data directory to a sound one, and name that in WHATSAPP_DATA_DIR.',
    retryable: false,
  },
  needs_room: {
    what: 'cannot be read where nothing can be written: it is too big, or its -wal file holds changes',
    next: 'Copy the data directory to a place where you may write, and name that in WHATSAPP_DATA_DIR.',
    retryable: false,
  },
  locked: { what: 'is locked by another process', next: 'Call again in a moment.', retryable: true },
};

/** How to repair a damaged file, by its name: each file holds different data. */
const repairs: Readonly<Record<string, string>> = {
  'messages.db':
    'Stop every server, then run `whatsapp-hybrid-mcp doctor --salvage FILE`, which copies what can be read into a new file, or restore a backup with `whatsapp-hybrid-mcp restore`. Only when both fail, move the file away and link the phone again.',
  'search.db': 'Delete it: it is made again from messages.db.',
  'auth.db': 'Stop every server, move it away, remove the device on the phone, and link the phone again.',
  'staging.db':
    'Stop every server and move it away. History that was not copied is lost unless the phone is linked again.',
  'lock.db': 'Stop every server and delete it: it is made again.',
  'lookups.db': 'Stop every server and delete it: it is made again.',
  'sends.db': 'Stop every server and restore it from a backup.',
  'whatsmeow.db':
    'Stop wa-bridge, move it away, remove its device on the phone, and run `whatsapp-hybrid-mcp login --bridge whatsmeow`.',
  'whatsmeow.lock.db': 'Stop wa-bridge and delete it: it is made again.',
};

/** What to do about a file (its name alone) that is damaged or no database. */
export const repairOf = (file: string): string => repairs[file] ?? 'Restore the file from a backup.';

/** What to do about a file with this fault. */
export const nextStepFor = (fault: Fault, file: string): string => faults[fault].next ?? repairOf(file);

/** The error for one file. The text shows the file's name only; `path` may be absolute. */
export function storeFailure(fault: Fault, path: string, cause?: unknown): AppError {
  const file = basename(path);
  const { what, retryable } = faults[fault];
  return new AppError('store_unavailable', `${file} ${what}.`, {
    hint: nextStepFor(fault, file),
    retryable,
    details: { file, reason: fault },
    ...(cause !== undefined && { cause }),
  });
}

/** SQLite's extended result codes; longer prefixes first. */
const sqliteFaults: readonly (readonly [prefix: string, fault: Fault])[] = [
  ['SQLITE_NOTADB', 'not_a_database'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_FORMAT', 'damaged'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read_only'],
  ['SQLITE_PERM', 'not_permitted'],
  ['SQLITE_AUTH', 'not_permitted'],
  ['SQLITE_CANTOPEN', 'cannot_open'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
];

const systemFaults: Readonly<Record<string, Fault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read_only',
  EACCES: 'not_permitted',
  EPERM: 'not_permitted',
  EISDIR: 'cannot_open',
  ENOTDIR: 'cannot_open',
  EIO: 'io',
  EMFILE: 'too_few_files',
  ENFILE: 'too_few_files',
};

/** Why no folder can be made at a place, besides the faults of every file. */
const folderCodes = ['ENOENT', 'EEXIST', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

const isOfFolder = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'mkdir';

/** Maps an error of SQLite or the file system to a fault; undefined for every other error. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof Database.SqliteError) {
    return sqliteFaults.find(([prefix]) => error.code.startsWith(prefix))?.[1];
  }
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
  return isOfFolder(error) && folderCodes.includes(code) ? 'no_folder' : systemFaults[code];
}

/** Why a file cannot be used for once, by the code of Node or SQLite, in words that follow its name. */
const passing: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ELOOP: 'cannot be found: links lead in a circle',
  EXDEV: 'cannot be moved to another disk',
  SQLITE_NOMEM: 'cannot be read: there is not enough memory',
  SQLITE_TOOBIG: 'cannot be read: something in it is too large',
};

/**
 * What a failure of a file means, in words that follow "because", with the code; undefined for every other error. Nothing
 * of the file's content is in them.
 */
export function reasonFor(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const fault = faultOf(error);
  const what = fault === undefined ? passing[String(error.code)] : faults[fault].what;
  return what === undefined ? undefined : `it ${what} (${error.code})`;
}

const files = new WeakMap<Error, string>();

const damage = new Set<string>();

/** Records which file an error came from, unless that is already known; returns the error. */
export function nameFile<E>(error: E, path: string): E {
  if (!(error instanceof Error) || files.has(error)) return error;
  files.set(error, path);
  if (faultOf(error) === 'damaged') damage.add(path);
  return error;
}

/** Whether this thread has found damage in a file since it was opened. Not every query reaches the damaged pages. */
export const hasFoundDamage = (path: string): boolean => damage.has(path);

/** Another thread has met it. */
export const noteDamage = (path: string): void => void damage.add(path);

/** The file was opened anew, or is another one. */
export const forgetDamage = (path: string): void => void damage.delete(path);

/** The recorded path, or the one in an error of the file system, unless that is the folder which the file needs. */
const pathOf = (error: unknown): string | undefined => {
  const noted = error instanceof Error ? files.get(error) : undefined;
  if (noted !== undefined || isOfFolder(error)) return noted;
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
};

/**
 * An error of SQLite or of the file system as `store_unavailable`, with the file's name and the next step; an AppError as
 * it is; undefined for every other error. `path` is for errors that do not say which file they are about.
 */
export function asStoreFailure(error: unknown, path?: string): AppError | undefined {
  if (error instanceof AppError) return error;
  const fault = faultOf(error);
  if (fault === undefined) return undefined;
  const known = pathOf(error) ?? path;
  if (known === undefined) return storeFailure(fault, 'A file of the data directory', error);
  return storeFailure(refineFault(fault, known), known, error);
}

/** Too little for the files that SQLite keeps beside a database. */
const tooFewBytes = 64 * 1024;

/**
 * Finds the precise fault: SQLite reports only that the file cannot be opened or that the disk failed, the file system
 * knows why.
 */
export function refineFault(fault: Fault, path: string): Fault {
  if (fault !== 'cannot_open' && fault !== 'io') return fault;
  const { R_OK, W_OK, X_OK } = constants;
  if (existsSync(path) && !mayUse(path, R_OK)) return 'not_permitted';
  const folder = dirname(realFile(path));
  if (!existsSync(folder)) return fault;
  if (!mayOpenMore(folder)) return 'too_few_files';
  if (!mayUse(folder, X_OK)) return 'not_permitted';
  if (!mayUse(folder, W_OK)) return 'read_only';
  return hasRoom(folder) ? fault : 'full';
}

function hasRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= tooFewBytes;
}

/** Whether SQLite can create files beside this one, as far as the file system says. */
export function isWritable(path: string): boolean {
  const folder = dirname(realFile(path));
  return mayUse(path, constants.W_OK) && mayUse(folder, constants.W_OK) && hasRoom(folder);
}

/** Opens the folder, because closing a database would release all locks that this process holds on it (POSIX). */
function mayOpenMore(folder: string): boolean {
  try {
    opendirSync(folder).closeSync();
    return true;
  } catch (error) {
    return faultOf(error) !== 'too_few_files';
  }
}

/** Whether this process may access a file or folder in this way. */
export function mayUse(path: string, how: number): boolean {
  try {
    accessSync(path, how);
    return true;
  } catch {
    return false;
  }
}

/** Runs `work`; throws errors of SQLite and the file system as `store_unavailable` for this file. */
export function withFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreFailure(error, path) ?? error;
  }
}
