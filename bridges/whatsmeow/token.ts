import { readFileSync, statSync } from 'node:fs';
import { ownershipFault, ownershipWords } from '../../src/system/ownership.ts';

/** As wa-bridge asks of it, characters and bytes. */
const shortest = 32;
const largest = 4096;

/** `refusal`: words that follow the name of the file, with what mends it. */
export type TokenReading = { token: string } | { refusal: string } | 'absent';

/**
 * The secret that proves wa-bridge to us and us to it. Who can read it can use this account, and who made it knows it, so
 * one that is not this user's alone is refused, by wa-bridge as well.
 */
export function readToken(path: string): TokenReading {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'absent';
    const fault = ownershipFault(path);
    if (fault !== undefined) return { refusal: ownershipWords[fault] };
    const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
    if (isOpen) return { refusal: 'can be read by other users of this machine; take that away with chmod 600' };
    const token = found.isFile() && found.size <= largest ? readFileSync(path, 'utf8').trim() : '';
    return token.length < shortest
      ? { refusal: 'holds no token; delete it, and wa-bridge makes a new one' }
      : { token };
  } catch (error) {
    return { refusal: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
}
