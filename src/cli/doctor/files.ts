import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../system/folder.ts';
import { type Check, fail, ok, warn } from './check.ts';

const megabyte = 1024 * 1024;
const leastMegabytes = 100;
const comfortableMegabytes = 1024;
const clockToleranceMs = 120_000;

/** The folder itself, or the nearest parent that exists. */
export function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

/** Prefix of a folder that shows whether folders can be made and what time they get; removed at once unless killed. */
const probeName = 'clock-';

/** A new folder in the first place that allows it: the data directory may be read-only, or its disk full. */
function probeIn(folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    try {
      return mkdtempSync(join(folder, probeName));
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}

function takesFolders(folder: string): boolean {
  const probe = probeIn([folder]);
  if (probe !== undefined) rmdirSync(probe);
  return probe !== undefined;
}

export const dataDirectory: Check = {
  name: 'data directory',
  run({ config: { dataDir } }) {
    const folder = existing(dataDir);
    const fix = 'Name a folder that you may write to in WHATSAPP_DATA_DIR.';
    if (!statSync(folder).isDirectory()) return fail(`${folder} is no folder.`, fix);
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch {
      return fail(`${folder} cannot be written to.`, fix);
    }
    if (folder === dataDir) return ok(dataDir);
    if (!takesFolders(folder)) return fail(`${dataDir} cannot be made: ${folder} takes no new folder.`, fix);
    return ok(`${dataDir} will be made when it is needed.`);
  },
  mend({ config: { dataDir } }) {
    if (existsSync(dataDir) || !statSync(existing(dataDir)).isDirectory()) return null;
    makeFolder(dataDir);
    return `Made ${dataDir}.`;
  },
};

interface Found {
  path: string;
  stats: Stats;
}

/** Everything below a folder that is not a link, including itself. A server may delete files meanwhile. */
function below(folder: string): Found[] {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  const entries = stats.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  return [
    { path: folder, stats },
    ...entries
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .flatMap((entry) => below(join(folder, entry.name))),
  ];
}

export const permissions: Check = {
  name: 'permissions',
  run({ config: { dataDir } }) {
    if (!existsSync(dataDir)) return ok('Nothing is stored yet.');
    if (process.platform === 'win32') return ok('Windows: kept by the folder of the user.');
    const foreign = below(dataDir).filter(({ stats }) => stats.uid !== process.getuid?.());
    if (foreign.length > 0) {
      return fail(
        `${foreign.length} of its files or folders belong to another user, ${foreign[0]?.path} for one.`,
        `Name another folder in WHATSAPP_DATA_DIR, or make them yours: chown -R "$(id -un)" '${dataDir}'`,
      );
    }
    const open = openToOthers(dataDir);
    if (open.length === 0) return ok('Only you can read the folder (0700) and its files (0600).');
    return fail(
      `Other users of this machine may reach ${open.length} of its files or folders, ${open[0]?.path} for one.`,
      `chmod -R go= '${dataDir}'`,
    );
  },
  mend({ config: { dataDir } }) {
    if (!existsSync(dataDir) || process.platform === 'win32') return null;
    const open = openToOthers(dataDir);
    for (const { path, stats } of open) chmodSync(path, stats.mode & 0o700);
    return open.length === 0 ? null : `Closed ${open.length} files or folders to other users.`;
  },
};

const openToOthers = (folder: string): Found[] => below(folder).filter(({ stats }) => (stats.mode & 0o077) !== 0);

export const diskSpace: Check = {
  name: 'disk space',
  run({ config: { dataDir }, freeBytes }) {
    const free = Math.floor(freeBytes(existing(dataDir)) / megabyte);
    const fix = 'Free space on this disk, or move WHATSAPP_DATA_DIR to another one.';
    if (free < leastMegabytes) return fail(`${free} MB are free: new messages may not fit.`, fix);
    if (free < comfortableMegabytes) return warn(`${free} MB are free; a large history needs more.`, fix);
    return ok(`${free} MB are free.`);
  },
};

/** Compares the clock with the file system's, for new and existing files. */
export const clock: Check = {
  name: 'clock',
  run({ config: { dataDir }, now }) {
    const fix = 'Set the clock of this machine, best by network time; WhatsApp refuses wrong ones.';
    const probe = probeIn([...(existsSync(dataDir) ? [existing(dataDir)] : []), tmpdir()]);
    if (probe === undefined) return warn('It cannot be compared: no file can be made, not even a temporary one.', fix);
    try {
      const off = Math.round((statSync(probe).mtimeMs - now()) / 1000);
      if (Math.abs(off) * 1000 > clockToleranceMs) {
        return fail(`The clock and the file system are ${Math.abs(off)} seconds apart.`, fix);
      }
    } finally {
      rmSync(probe, { recursive: true, force: true });
    }
    const written = existsSync(dataDir) ? below(dataDir).map(({ stats }) => stats.mtimeMs) : [];
    const ahead = Math.max(0, ...written) - now();
    if (ahead > clockToleranceMs)
      return fail('Files in the data directory are from the future: the clock is behind.', fix);
    return ok('It agrees with the file system.');
  },
};
