import { existsSync } from 'node:fs';
import { dataPaths, type Sources } from '../config.ts';
import type { Asker } from './ask.ts';
import { assertAllUnused, assertUnused, shownBytes } from './data/files.ts';
import { simulatedFolder } from './data/folder.ts';
import { assertTrusted } from './data/trust.ts';
import { loadConfig } from './settings.ts';
import type { Terminal } from './terminal.ts';
import { type Doomed, doomedIn, type Kept, remove, removeFolders } from './wipe/files.ts';

export interface WipeOptions {
  yes?: boolean;
  json?: boolean;
}

const word = 'wipe';

/**
 * Deletes only what the program stored, including link targets; exit code 0 when all is gone, 1 when the user declines
 * or a file remains.
 */
export async function wipe(
  flags: Sources,
  options: WipeOptions,
  { terminal, asker }: { terminal: Terminal; asker: Asker },
): Promise<number> {
  const { dataDir } = loadConfig(flags);
  const folders = [dataDir, simulatedFolder(dataDir)].filter((folder) => existsSync(folder));
  for (const folder of folders) assertTrusted(folder);
  const say = options.json === true ? () => {} : terminal.say;
  const report = (deleted: readonly string[], kept: readonly Kept[] = []) => {
    const outcome = { deleted, ...(kept.length > 0 && { kept }) };
    if (options.json === true) terminal.say(JSON.stringify(outcome, null, 2));
  };
  const { files, kept } = doomedIn(folders);
  if (files.length === 0 && kept.length === 0) {
    say(`Nothing is stored in ${dataDir}.`);
    report([]);
    return 0;
  }
  assertFree(folders);
  say(describe(files));
  if (options.yes !== true && !(await asker.type(`Type ${word} to delete them for good.`, word))) {
    say('Nothing was deleted.');
    report([]);
    return 1;
  }
  assertFree(folders); // a server may have started while the user was deciding
  const { deleted, failed } = remove(files);
  removeFolders(folders);
  const left = [...kept, ...failed];
  if (deleted.length > 0)
    say(
      `✅ Deleted ${deleted.length} files. The phone still lists a device that was linked until it is removed there.`,
    );
  if (left.length > 0) say(`❌ These stay:\n${left.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')}`);
  report(deleted, left);
  return left.length > 0 ? 1 : 0;
}

function assertFree(folders: readonly string[]): void {
  for (const folder of folders) {
    assertUnused(dataPaths(folder));
    assertAllUnused(folder);
  }
}

function describe(files: readonly Doomed[]): string {
  const sum = files.reduce((total, { bytes }) => total + bytes, 0);
  return [
    'These files hold your messages and the keys of what was linked:',
    ...files.map(({ path, target, bytes }) => `  ${path}${target ? ` → ${target}` : ''}  ${shownBytes(bytes)}`),
    `Together ${shownBytes(sum)}. Run logout first, so that the phone forgets it too.`,
  ].join('\n');
}
