import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';

/** Why other users can change a file or folder. */
export type OwnershipFault = 'other_owner' | 'writable_by_others';

const groupOrOthersMayWrite = 0o022;

/** The superuser can change everything anyway. */
export const isTrusted = (uid: number, own: number): boolean => uid === own || uid === 0;

function faultOf({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, own: number): OwnershipFault | undefined {
  if (!isTrusted(uid, own)) return 'other_owner';
  return (mode & groupOrOthersMayWrite) === 0 ? undefined : 'writable_by_others';
}

/**
 * Whether another user can change what stands at a path: another user owns it (or the link that leads there), or its
 * mode lets others write. Undefined where only this user can, where nothing exists, and on systems without user ids.
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
 * The id that stands for every user unknown to this process: inside a user namespace (Flatpak, bubblewrap), system
 * folders have it. Undefined where ids name users.
 */
export function unnamedUser(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const mapsEveryUser = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
    return mapsEveryUser ? undefined : Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'));
  } catch {
    return undefined;
  }
}

/** The fault as text that follows the file's name, with the remedy. */
export const ownershipWords: Record<OwnershipFault, string> = {
  other_owner: 'belongs to another user of this machine; take one of your own, or make it yours with chown',
  writable_by_others: 'can be changed by other users of this machine; take that away with chmod go-w',
};
