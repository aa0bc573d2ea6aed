import { AppError } from '../../domain/errors.ts';
import { UserError } from '../refusal.ts';

/** Error codes of the system or SQLite for files, in words that follow "because". */
const words: Record<string, string> = {
  EACCES: 'this user may not use it',
  EPERM: 'this user may not change it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota of this user is used up',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOENT: 'it is not there',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'this process has too many files open',
  EXDEV: 'it is on another disk',
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'it can only be read',
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_NOTADB: 'the file is damaged or no database',
  SQLITE_FORMAT: 'the file is damaged',
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_BUSY: 'another process has locked it',
  SQLITE_LOCKED: 'another process has locked it',
  SQLITE_PERM: 'this user may not use it',
  SQLITE_NOMEM: 'there is not enough memory',
  SQLITE_TOOBIG: 'something in it is too large',
};

/** The words for a file error; undefined for other errors. They never contain file content. */
export function wordsFor(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return undefined;
  const base = code.startsWith('SQLITE_') ? code.split('_', 2).join('_') : code;
  const known = words[base];
  return known === undefined ? undefined : `${known} (${code})`;
}

/** The reason of an error, in one line and without a stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof UserError || error instanceof AppError) return error.message.replace(/\.$/, '');
  if ((error as { code?: unknown }).code === 'SQLITE_ERROR') return 'its tables are not as they must be (SQLITE_ERROR)';
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return wordsFor(error) ?? `of a defect of this program: ${line}`;
}
