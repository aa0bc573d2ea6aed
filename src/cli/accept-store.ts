import { dataPaths, type Sources } from '../config.ts';
import { adoptStore } from '../store/opening/adopt-store.ts';
import { assertUnused } from './data/files.ts';
import { loadConfig } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface AcceptStoreOptions {
  json?: boolean;
}

/** Accepts messages.db as it is, after the earlier file was lost for good; exit code 0. */
export function acceptStore(flags: Sources, options: AcceptStoreOptions, terminal: Terminal): number {
  const paths = dataPaths(loadConfig(flags).dataDir);
  assertUnused(paths);
  const { messages } = adoptStore(paths);
  terminal.say(
    options.json === true
      ? JSON.stringify({ accepted: paths.messages, messages }, null, 2)
      : `✅ ${paths.messages} is the accepted one, with ${messages} messages. What still waits is copied into it by sync_history_to_database.`,
  );
  return 0;
}
