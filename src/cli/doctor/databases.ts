import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { isInUse, withSidecars } from '../../store/backup.ts';
import { inspectDatabase } from '../../store/inspect.ts';
import { type Check, type Finding, fail, ok, type Site, warn } from './check.ts';

const files = ['messages', 'search', 'auth', 'staging'] as const;

/** What to do about a damaged file, by what is in it. */
const repairs: Record<(typeof files)[number], string> = {
  messages: 'Stop every server, restore the file from a backup, or move it away, log out and link the phone again.',
  search: 'Delete it: it is made again from messages.db.',
  auth: 'Stop every server, move it away, remove the device on the phone, and link the phone again.',
  staging: 'Stop every server and move it away. History that was not copied is lost unless the phone is linked anew.',
};

function inspect({ paths }: Site, file: (typeof files)[number]): Finding | undefined {
  const path = paths[file];
  if (!existsSync(path)) return undefined;
  const { fault } = inspectDatabase(path);
  if (fault === null) return ok(basename(path));
  const message = `${basename(path)}: ${fault}.`;
  return file === 'search' ? warn(message, repairs[file]) : fail(message, repairs[file]);
}

export const databases: Check = {
  name: 'databases',
  run(site) {
    const found = files.map((file) => inspect(site, file)).filter((one) => one !== undefined);
    const ailing = found.find(({ verdict }) => verdict === 'fail') ?? found.find(({ verdict }) => verdict === 'warn');
    if (ailing) return ailing;
    if (found.length === 0) return ok('Nothing is stored yet.');
    return ok(`Whole: ${found.map(({ message }) => message).join(', ')}.`);
  },
  /** Of all databases only the search index can be made again from another. */
  mend({ paths: { search } }) {
    if (!existsSync(search) || isInUse(search) || inspectDatabase(search).fault === null) return null;
    for (const path of withSidecars(search)) rmSync(path, { force: true });
    return 'Deleted the damaged search.db; the next server makes it again.';
  },
};
