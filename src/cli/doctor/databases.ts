import { lstatSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bridgePaths } from '../../config.ts';
import { UnreadableFile } from '../../store/pages/page-file.ts';
import { inspectDatabase, inspectSchema, isForeign } from '../../store/salvage/inspect.ts';
import { isInUse, withSidecars } from '../../store/sqlite/backup.ts';
import { knownVersion } from '../../store/sqlite/database.ts';
import { type Check, type DoctorEnvironment, type Finding, fail, ok, warn, worst } from './check.ts';
import { reasonOf } from './failure.ts';

interface DatabaseFile {
  path: string;
  /** What to do about a damaged one, by what is in it. */
  repair: string;
  /** Whether it is made again from another one, so that its loss costs nothing. */
  isRemade?: true;
  /** A table that each of its kind has; the check of the schema looks at messages.db. */
  mark?: string;
  /** It holds nothing, and serves as a lock. */
  isLock?: true;
}

const salvage =
  'Stop every server and wa-bridge, then run `whatsapp-hybrid-mcp doctor --salvage <new file>`, which copies what can be read, or restore a backup with `whatsapp-hybrid-mcp restore <file> --replace`.';

function filesOf({ paths, config }: DoctorEnvironment): DatabaseFile[] {
  const { session, lock } = bridgePaths(config.dataDir);
  return [
    { path: paths.messages, repair: salvage },
    { path: paths.search, repair: 'Delete it: it is made again from messages.db.', isRemade: true, mark: 'docs' },
    {
      path: paths.auth,
      mark: 'kv',
      repair: 'Stop every server, move it away, remove the device on the phone, and link the phone again.',
    },
    {
      path: paths.staging,
      mark: 'lanes',
      repair:
        'Stop every server and move it away. History that was not copied is lost unless the phone is linked anew.',
    },
    { path: paths.lock, repair: 'Stop every server and delete it: it is made again.', isLock: true },
    {
      path: session,
      mark: 'whatsmeow_device',
      repair:
        'Stop wa-bridge, move it away, remove its device on the phone, and run `whatsapp-hybrid-mcp login --bridge whatsmeow`.',
    },
    { path: lock, repair: 'Stop wa-bridge and delete it: it is made again.', isLock: true },
    { path: join(config.dataDir, 'sends.db'), repair: 'Stop every server and restore it from a backup.' },
  ];
}

/** What is wrong with one file; undefined where there is none. */
function inspect({ path, repair, isRemade, isLock, mark }: DatabaseFile, site: DoctorEnvironment): Finding | undefined {
  const name = basename(path);
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return fail(`${name}: it is a link that leads nowhere.`, repair);
    if (stats.isFile() && stats.size === 0) {
      return isLock ? ok(name) : warn(`${name}: it is empty; what was in it is lost, if there was anything.`, repair);
    }
    const { fault, isThorough } = inspectDatabase(path, { runsSql: !isLock && isOurs(path, site) });
    if (fault === null && mark !== undefined && isForeign(path, mark)) {
      return fail(`${name}: it is the file of another program.`, 'Name another folder in WHATSAPP_DATA_DIR.');
    }
    if (fault === null) return ok(isThorough || isLock ? name : `${name} (read without SQLite)`);
    return isRemade ? warn(`${name}: ${fault}.`, repair) : fail(`${name}: ${fault}.`, repair);
  } catch (error) {
    return fail(
      `${name} cannot be looked at: ${reasonOf(error)}.`,
      `Let this user read it. If it is damaged: ${repair}`,
    );
  }
}

/** A schema of others may have SQL that never ends; the check of the schema names it. */
function isOurs(path: string, { paths }: DoctorEnvironment): boolean {
  if (path !== paths.messages) return true;
  try {
    const { difference } = inspectSchema(path, knownVersion());
    return difference !== undefined && difference.changed.length === 0 && difference.extraCount === 0;
  } catch (error) {
    if (error instanceof UnreadableFile) return false;
    throw error;
  }
}

export const databases: Check = {
  name: 'databases',
  run(site) {
    const found = filesOf(site)
      .map((file) => inspect(file, site))
      .filter((one) => one !== undefined);
    const ailing = found.filter(({ verdict }) => verdict !== 'ok');
    if (found.length === 0) return ok('Nothing is stored yet.');
    if (ailing.length === 0) return ok(`Whole: ${found.map(({ message }) => message).join(', ')}.`);
    return {
      verdict: worst(ailing),
      message: ailing.map(({ message }) => message).join(' '),
      fix:
        ailing.length === 1
          ? (ailing[0]?.fix ?? '')
          : ailing.map(({ message, fix }) => `${nameIn(message)} ${fix}`).join(' '),
    };
  },
  /** Of all databases only the search index can be made again from another. */
  mend({ paths: { search } }) {
    if (!statSync(search, { throwIfNoEntry: false })?.isFile() || isInUse(search)) return null;
    if (inspectDatabase(search).fault === null) return null;
    for (const path of withSidecars(search)) rmSync(path, { force: true });
    return 'Deleted the damaged search.db; the next server makes it again.';
  },
};

const nameIn = (message: string): string => `${message.split(/[: ]/, 1)[0]}:`;
