import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { bridgePaths, dataPaths, type Sources } from '../config.ts';
import type { Asker } from './ask.ts';
import { assertUnused, type DataFile, ownFiles, shownBytes } from './data-files.ts';
import { loadConfig } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface WipeOptions {
  yes?: boolean;
  json?: boolean;
}

const word = 'wipe';

/** Deletes what the program stored, and nothing else; exit code 0 when it is gone, 1 when the answer was no. */
export async function wipe(
  flags: Sources,
  options: WipeOptions,
  { terminal, asker }: { terminal: Terminal; asker: Asker },
): Promise<number> {
  const { dataDir } = loadConfig(flags);
  const paths = dataPaths(dataDir);
  const say = options.json === true ? () => {} : terminal.say;
  const report = (deleted: readonly DataFile[]) => {
    if (options.json === true) terminal.say(JSON.stringify({ deleted: deleted.map(({ path }) => path) }, null, 2));
  };
  const files = ownFiles(paths, bridgePaths(dataDir));
  if (files.length === 0) {
    say(`Nothing is stored in ${dataDir}.`);
    report([]);
    return 0;
  }
  assertUnused(paths);
  say(describe(files));
  if (options.yes !== true && !(await asker.type(`Type ${word} to delete them for good.`, word))) {
    say('Nothing was deleted.');
    report([]);
    return 1;
  }
  assertUnused(paths); // somebody may have taken his time
  for (const { path } of files) rmSync(path, { force: true });
  for (const folder of [dirname(paths.auth), dataDir]) removeIfEmpty(folder);
  say(`✅ Deleted ${files.length} files. The phone still lists a device that was linked until it is removed there.`);
  report(files);
  return 0;
}

function describe(files: readonly DataFile[]): string {
  const sum = files.reduce((total, { bytes }) => total + bytes, 0);
  return [
    'These files hold your messages and the keys of what was linked:',
    ...files.map(({ path, bytes }) => `  ${path}  ${shownBytes(bytes)}`),
    `Together ${shownBytes(sum)}. Run logout first, so that the phone forgets it too.`,
  ].join('\n');
}

function removeIfEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
