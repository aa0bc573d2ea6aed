import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataPaths, type Sources } from '../config.ts';
import { copyDatabase } from '../store/sqlite/backup.ts';
import { shownBytes } from './data/files.ts';
import { taken, UserError } from './refusal.ts';
import { loadConfig } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface BackupOptions {
  withCredentials?: boolean;
  json?: boolean;
}

/** The credentials get their own file: a copy of the messages can be shared, a copy of the keys must not be. */
export const credentialsOf = (file: string): string => `${file}.credentials`;

type Copy = readonly [from: string, to: string];

/** Copies messages.db, and the credentials on request, while servers run; exit code 0 when the copy is complete. */
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

const pairs = (messages: Copy, credentials: Copy, options: BackupOptions): Copy[] =>
  options.withCredentials === true ? [messages, credentials] : [messages];

/** Makes all copies or none: checks every target before the first copy. */
async function copyAll(copies: readonly Copy[]): Promise<string[]> {
  for (const [from, to] of copies) {
    if (!existsSync(from)) throw new UserError(`There is no ${from}.`, 'Look at the path, and at WHATSAPP_DATA_DIR.');
    if (existsSync(to)) throw taken(to);
  }
  for (const [from, to] of copies) {
    await copyDatabase(from, to).catch((error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(to) : error;
    });
  }
  return copies.map(([, to]) => to);
}
