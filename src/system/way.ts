import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { isTrusted, type OwnershipFault, unnamedUser } from './ownership.ts';

export interface Fault {
  path: string;
  fault: OwnershipFault;
}

interface PathStep {
  path: string;
  stats: Stats;
}

/** Undefined where nothing exists or access is denied: the code that reads there reports a better error. */
function readStats(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** The maximum number of links to follow, as on Linux. */
const maxLinks = 40;

/**
 * The folders and links that a path leads through, from the root on, without its end. Ends early where nothing exists.
 */
function* pathSteps(path: string, links = 0): Generator<PathStep> {
  let here = parse(resolve(path)).root;
  const parts = resolve(path).slice(here.length).split(sep).filter(Boolean);
  for (const [index, part] of parts.entries()) {
    const folder = readStats(here);
    here = join(here, part);
    const stats = readStats(here);
    if (folder) yield { path: dirname(here), stats: folder };
    if (!stats) return;
    if (!stats.isSymbolicLink()) continue;
    yield { path: here, stats };
    if (links === maxLinks) return;
    yield* pathSteps(join(resolve(dirname(here), readlinkSync(here)), ...parts.slice(index + 1)), links + 1);
    return;
  }
}

const sticky = 0o1000;
const othersMayWrite = 0o002;
const groupMayWrite = 0o020;

/**
 * The first folder or link on a path that lets another user replace its target: one that another user owns, or a folder
 * in which others may rename foreign files. The group counts as others unless it is the group of this process.
 * Undefined on systems without user ids.
 */
export function pathFault(path: string): Fault | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  const [group, unnamed] = [process.getegid?.(), unnamedUser()];
  for (const { path: passed, stats } of pathSteps(path)) {
    if (!isTrusted(stats.uid, own) && stats.uid !== unnamed) return { path: passed, fault: 'other_owner' };
    const writers = stats.gid === group ? othersMayWrite : othersMayWrite | groupMayWrite;
    const isFree = stats.isDirectory() && (stats.mode & sticky) === 0 && (stats.mode & writers) !== 0;
    if (isFree) return { path: passed, fault: 'writable_by_others' };
  }
  return undefined;
}
