import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';

/** Why a file or folder is not this user's alone to change. */
export type OwnershipFault = 'other_owner' | 'writable_by_others';

const groupOrOthersMayWrite = 0o022;

/** The superuser may change everything anyway. */
export const isTrusted = (uid: number, own: number): boolean => uid === own || uid === 0;

function faultOf({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, own: number): OwnershipFault | undefined {
  if (!isTrusted(uid, own)) return 'other_owner';
  return (mode & groupOrOthersMayWrite) === 0 ? undefined : 'writable_by_others';
}

/**
 * Whether somebody else may change what stands under a path: another user owns it (or the link that leads there), or its
 * mode lets others write. Undefined where it is ours alone, where there is nothing, and on systems without user numbers.
 */
export function ownershipFault(path: string): OwnershipFault | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link === undefined) return undefined;
  if (link.isSymbolicLink() && !isTrusted(link.uid, own)) return 'other_owner';
  const target = statSync(path, { throwIfNoEntry: false });
  return target && faultOf(target, own);
}

/**
 * The number that stands for every user whom this process cannot name: inside a user namespace (Flatpak, bubblewrap) the
 * folders of the system have it. Undefined where numbers mean users.
 */
export function unnamedUser(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const everybody = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
    return everybody ? undefined : Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'));
  } catch {
    return undefined;
  }
}

/** The fault in words that follow the name of the file, with what mends it. */
export const ownershipWords: Record<OwnershipFault, string> = {
  other_owner: 'belongs to another user of this machine; take one of your own, or make it yours with chown',
  writable_by_others: 'can be changed by other users of this machine; take that away with chmod go-w',
};
