import { existsSync } from 'node:fs';
import { faultOf } from '../files/failure.ts';
import { authOwner, messagesOwner } from '../files/owner.ts';
import { type Db, ensureDatabases, openWriter } from '../sqlite/database.ts';
import { openStaging, type Staging } from '../staging/staging.ts';
import { type FedStore, fedStoreOf, rememberInAuth, rememberInStaging } from './fed-store.ts';
import type { StorePaths } from './open-messages.ts';

/**
 * Accepts messages.db as it is, after the user replaced it on purpose; creates it where missing. Staged rows that this
 * file lacks are queued for copying again. Call it while no server runs. Returns the number of messages in the file;
 * throws `store_unavailable`, `schema_mismatch` or SqliteError when messages.db cannot be used. A damaged staging.db or
 * auth.db stays untouched, because it holds no usable record.
 */
export function adoptStore(paths: StorePaths): { messages: number } {
  ensureDatabases(paths);
  const db = openWriter(paths.messages, messagesOwner);
  try {
    const store = fedStoreOf(db);
    if (store) {
      unlessUnusable(paths.staging, () => adoptInStaging(paths.staging, db, store));
      unlessUnusable(paths.auth, () => adoptInAuth(paths.auth, store));
    }
    return { messages: db.prepare<[], number>('SELECT count(*) FROM messages').pluck().get() ?? 0 };
  } finally {
    db.close();
  }
}

function unlessUnusable(path: string, work: () => void): void {
  if (!existsSync(path)) return;
  try {
    work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== 'damaged' && fault !== 'not_a_database') throw error;
  }
}

function adoptInStaging(path: string, messages: Db, store: FedStore): void {
  const staging = openStaging(path);
  try {
    staging.db
      .transaction(() => {
        rememberInStaging(staging, store);
        resetCounts(staging, messages);
      })
      .immediate();
  } finally {
    staging.close();
  }
}

/** Counts rows as copied only up to the watermark of this messages.db. */
function resetCounts(staging: Staging, messages: Db): void {
  const copied = messages.prepare<[string, string], number>(
    'SELECT last_seq FROM watermarks WHERE generation = ? AND lane = ?',
  );
  const take = staging.db.prepare(`
    UPDATE lanes SET counted_upto = min(counted_upto, @upto), cleaned_upto = min(cleaned_upto, @upto),
      waiting = (SELECT count(*) FROM messages WHERE lane = @lane AND seq > @upto)
    WHERE lane = @lane AND counted_upto > @upto`);
  for (const lane of ['history', 'live']) {
    take.run({ lane, upto: copied.pluck().get(staging.generation, lane) ?? 0 });
  }
}

function adoptInAuth(path: string, store: FedStore): void {
  const auth = openWriter(path, authOwner);
  try {
    rememberInAuth(auth, store);
  } finally {
    auth.close();
  }
}
