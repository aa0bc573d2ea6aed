import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { makeFolder } from '../../system/folder.ts';
import { UserError } from '../refusal.ts';

/** The text of a file; undefined when it does not exist. Throws UserError when it is no UTF-8. */
export function readText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refused(path, error);
  }
  if (!isUtf8(bytes)) {
    throw new UserError(
      `${path} is no text in UTF-8.`,
      'Save it as UTF-8, which clients read, or add the entry by hand: --print shows it.',
    );
  }
  return bytes.toString('utf8');
}

/**
 * Replaces `before` by `after` atomically. Keeps permissions and links (creates the target of a broken one) and copies
 * the old file next to it. Returns the path of that copy, null without an old file. Throws UserError when the file no
 * longer equals `before`, or cannot be written.
 */
export function replaceFile(path: string, before: string | undefined, after: string, now = new Date()): string | null {
  if (readText(path) !== before) {
    throw new UserError(`${path} was changed in this moment by somebody else.`, 'Run the command again.');
  }
  try {
    const real = resolveTarget(path);
    if (before === undefined) {
      makeFolder(dirname(real), 0o777);
      write(real, after, 0o600);
      return null;
    }
    const mode = statSync(real).mode & 0o777;
    const backup = keepCopy(real, now);
    chmodSync(backup, mode);
    write(real, after, mode);
    return backup;
  } catch (error) {
    throw refused(path, error);
  }
}

/** The file's path, or its future path: follows links, including broken ones. */
function resolveTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? resolveTarget(resolve(dirname(path), readlinkSync(path))) : path;
}

/** Copies a file next to itself, with the time in its name and a number if that name exists; returns its path. */
function keepCopy(path: string, now: Date): string {
  const time = now.toISOString().replace(/\D/g, '').slice(0, 14);
  for (let number = 1; ; number++) {
    const backup = `${path}.backup-${time}${number === 1 ? '' : `-${number}`}`;
    try {
      copyFileSync(path, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function write(path: string, text: string, mode: number): void {
  const fresh = `${path}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const file = openSync(fresh, 'wx', mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(fresh, mode); // because the umask limited the mode above
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
}

function refused(path: string, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined) throw cause;
  return new UserError(
    `${path} cannot be read or written (${code}).`,
    'Look at its permissions, or add the entry by hand: --print shows it.',
    { cause },
  );
}
