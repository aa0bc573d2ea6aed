import { readFileSync, statSync } from 'node:fs';
import { ownershipFault, ownershipWords } from '../../src/system/ownership.ts';

/** The minimum that wa-bridge requires, in characters and bytes. */
const minLength = 32;
const maxLength = 4096;

/** `refusal`: words that follow the file name, with the fix. */
export type TokenReading = { token: string } | { refusal: string } | 'absent';

/**
 * The secret with which wa-bridge and the client prove themselves. Whoever can read it can use this account, and
 * whoever created it knows it, so both sides refuse a file that does not belong to this user alone.
 */
export function readToken(path: string): TokenReading {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'absent';
    const fault = ownershipFault(path);
    if (fault !== undefined) return { refusal: ownershipWords[fault] };
    const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
    if (isOpen) return { refusal: 'can be read by other users of this machine; take that away with chmod 600' };
    const token = found.isFile() && found.size <= maxLength ? readFileSync(path, 'utf8').trim() : '';
    return token.length < minLength
      ? { refusal: 'holds no token; delete it, and wa-bridge makes a new one' }
      : { token };
  } catch (error) {
    return { refusal: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
}
