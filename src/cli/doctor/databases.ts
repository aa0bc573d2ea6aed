import { lstatSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { nextStepFor, repairOf } from '../../store/files/failure.ts';
import { UnreadableFile } from '../../store/pages/page-file.ts';
import { inspectDatabase, inspectSchema, isForeign } from '../../store/salvage/inspect.ts';
import { isInUse, withSidecars } from '../../store/sqlite/backup.ts';
import { knownVersion } from '../../store/sqlite/database.ts';
import { databasesOf } from '../data/folder.ts';
import { type Check, type DoctorEnvironment, type Finding, fail, ok, warn, worst } from './check.ts';
import { reasonOf } from './failure.ts';

interface DatabaseFile {
  path: string;
  /** A table that each of its kind has; the check of the schema looks at messages.db. */
  mark?: string | undefined;
  /** It holds nothing, and serves as a lock. */
  isLock: boolean;
}

/** Of our databases those whose owner is told by a table, by the name of the file. */
const marks: Readonly<Record<string, string>> = {
  'search.db': 'docs',
  'auth.db': 'kv',
  'staging.db': 'lanes',
  'lookups.db': 'allowance',
  'whatsmeow.db': 'whatsmeow_device',
};

const filesOf = ({ config }: DoctorEnvironment): DatabaseFile[] =>
  databasesOf(config.dataDir).map((path) => ({
    path,
    mark: marks[basename(path)],
    isLock: /(^|\.)lock\.db$/.test(basename(path)),
  }));

/** Whether it is made again, so that its loss costs nothing. */
const isRemade = (name: string): boolean => ['search.db', 'lookups.db'].includes(name);

/** What is wrong with one file; undefined where there is none. */
function inspect({ path, isLock, mark }: DatabaseFile, site: DoctorEnvironment): Finding | undefined {
  const name = basename(path);
  const repair = repairOf(name);
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return fail(`${name}: it is a link that leads nowhere.`, repair);
    if (stats.isFile() && stats.size === 0) {
      return isLock ? ok(name) : warn(`${name}: it is empty; what was in it is lost, if there was anything.`, repair);
    }
    const { fault, isThorough } = inspectDatabase(path, { runsSql: !isLock && isOurs(path, site) });
    if (fault === null && mark !== undefined && isForeign(path, mark)) {
      return fail(`${name}: it is the file of another program.`, nextStepFor('other_program', name));
    }
    if (fault === null) return ok(isThorough || isLock ? name : `${name} (read without SQLite)`);
    return isRemade(name) ? warn(`${name}: ${fault}.`, repair) : fail(`${name}: ${fault}.`, repair);
  } catch (error) {
    return fail(
      `${name} cannot be looked at: ${reasonOf(error)}.`,
      `Let this user read it. If it is damaged: ${repair}`,
    );
  }
}

/**
 * A foreign schema may contain SQL that never ends, so such a file is not checked further; the schema check reports it.
 */
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
  /** Only the search index can be rebuilt from another database. */
  mend({ paths: { search } }) {
    if (!statSync(search, { throwIfNoEntry: false })?.isFile() || isInUse(search)) return null;
    if (inspectDatabase(search).fault === null) return null;
    for (const path of withSidecars(search)) rmSync(path, { force: true });
    return 'Deleted the damaged search.db; the next server makes it again.';
  },
};

const nameIn = (message: string): string => `${message.split(/[: ]/, 1)[0]}:`;
