import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataPaths, type Sources } from '../config.ts';
import { copyDatabase } from '../store/backup.ts';
import { knownVersion } from '../store/database.ts';
import { inspectDatabase } from '../store/inspect.ts';
import { assertUnused, shownBytes } from './data-files.ts';
import { Refusal } from './refusal.ts';
import { loadConfig } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface BackupOptions {
  withCredentials?: boolean;
  json?: boolean;
}

/** Credentials are a file of their own: a copy of the messages can be lent, one of the keys cannot. */
const credentialsOf = (file: string): string => `${file}.credentials`;

type Copy = readonly [from: string, to: string];

/** Copies messages.db, and the credentials on request, while servers go on; exit code 0 when the copy is whole. */
export async function backup(
  file: string,
  flags: Sources,
  options: BackupOptions,
  terminal: Terminal,
): Promise<number> {
  const paths = dataPaths(loadConfig(flags).dataDir);
  const to = resolve(file);
  const copies = await copyAll(pairs([paths.messages, to], [paths.auth, credentialsOf(to)], options));
  if (options.json === true) terminal.say(JSON.stringify({ files: copies }, null, 2));
  else {
    for (const copy of copies) terminal.say(`✅ ${copy}  ${shownBytes(statSync(copy).size)}`);
    const withKeys = options.withCredentials ? ' --with-credentials' : '';
    terminal.say(`To use it in an empty data directory: whatsapp-hybrid-mcp restore ${file}${withKeys}`);
    terminal.say(
      'History that was not copied into the database yet is not in it; nor is the search index, which is made anew, or the keys of wa-bridge: link it again.',
    );
  }
  return 0;
}

/** Puts a backup into a data directory that holds no messages; exit code 0 when it is there. */
export async function restore(
  file: string,
  flags: Sources,
  options: BackupOptions,
  terminal: Terminal,
): Promise<number> {
  const paths = dataPaths(loadConfig(flags).dataDir);
  const from = resolve(file);
  assertUnused(paths);
  const wanted = pairs([from, paths.messages], [credentialsOf(from), paths.auth], options);
  for (const [path] of wanted) assertWhole(path);
  assertMessages(from);
  const copies = await copyAll(wanted);
  terminal.say(
    options.json === true ? JSON.stringify({ files: copies }, null, 2) : copies.map((copy) => `✅ ${copy}`).join('\n'),
  );
  return 0;
}

const pairs = (messages: Copy, credentials: Copy, options: BackupOptions): Copy[] =>
  options.withCredentials === true ? [messages, credentials] : [messages];

/** All of them or none: looks first, so that one that cannot be made leaves no other behind. */
async function copyAll(copies: readonly Copy[]): Promise<string[]> {
  for (const [from, to] of copies) {
    if (!existsSync(from)) throw new Refusal(`There is no ${from}.`, 'Look at the path, and at WHATSAPP_DATA_DIR.');
    if (existsSync(to)) throw taken(to);
  }
  for (const [from, to] of copies) {
    await copyDatabase(from, to).catch((error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(to) : error;
    });
  }
  return copies.map(([, to]) => to);
}

const taken = (path: string): Refusal =>
  new Refusal(`${path} is there already.`, 'Nothing is overwritten: move it away, or name another place.');

function assertWhole(path: string): void {
  const fault = existsSync(path) ? inspectDatabase(path).fault : null;
  if (fault) throw new Refusal(`${path} cannot be restored: ${fault}.`, 'Take another backup.');
}

function assertMessages(path: string): void {
  if (!existsSync(path)) return; // said by who copies
  const { schema_version } = inspectDatabase(path);
  if (schema_version >= 1 && schema_version <= knownVersion()) return;
  throw new Refusal(
    `${path} is no backup that this version knows (schema ${schema_version}).`,
    'Name a file made by backup, or update whatsapp-hybrid-mcp.',
  );
}
