import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '../refusal.ts';

/** The text of a file; undefined when there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refused(path, error);
  }
}

/**
 * Puts `after` in the place of `before` in one step, so that no reader ever sees half a file: permissions stay, a link
 * stays a link, and the old file is kept beside it. Returns the path of that copy, null where there was no file.
 * Throws Refusal when the file is not `before` any more, or cannot be written.
 */
export function replaceFile(path: string, before: string | undefined, after: string, now = new Date()): string | null {
  if (readText(path) !== before) {
    throw new Refusal(`${path} was changed in this moment by somebody else.`, 'Run the command again.');
  }
  try {
    if (before === undefined) {
      mkdirSync(dirname(path), { recursive: true });
      write(path, after, 0o600);
      return null;
    }
    const real = realpathSync(path);
    const backup = `${real}.backup-${now.toISOString().replace(/\D/g, '').slice(0, 14)}`;
    copyFileSync(real, backup, constants.COPYFILE_EXCL);
    write(real, after, statSync(real).mode & 0o777);
    return backup;
  } catch (error) {
    throw refused(path, error);
  }
}

function write(path: string, text: string, mode: number): void {
  const fresh = `${path}.new-${process.pid}`;
  try {
    const file = openSync(fresh, 'wx', mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(fresh, mode); // the umask had its say above
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
}

function refused(path: string, cause: unknown): Refusal {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined) throw cause;
  return new Refusal(
    `${path} cannot be read or written (${code}).`,
    'Look at its permissions, or add the entry by hand: --print shows it.',
    { cause },
  );
}
