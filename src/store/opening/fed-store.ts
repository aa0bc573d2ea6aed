import { existsSync } from 'node:fs';
import type { DataPaths } from '../../config.ts';
import type { Db } from '../sqlite/database.ts';
import { openReadable } from '../sqlite/readable.ts';
import type { Staging } from '../staging/staging.ts';

/** Which messages.db received the staged rows, and how far it was filled: `seq` is the highest number of a message. */
export interface FedStore {
  id: string;
  seq: number;
}

const stagingKey = 'fed_store';

/** Kept in auth.db, in case staging.db is lost together with messages.db. */
export const fedStoreTable = `CREATE TABLE IF NOT EXISTS fed_store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;`;

/** The record for an open messages.db; undefined before it has an id. */
export function fedStoreOf(messages: Db): FedStore | undefined {
  const id = messages.prepare<[], string>("SELECT value FROM main.meta WHERE key = 'store_id'").pluck().get();
  const seq = messages.prepare<[], number>("SELECT seq FROM main.sqlite_sequence WHERE name = 'messages'").pluck();
  return id === undefined ? undefined : { id, seq: seq.get() ?? 0 };
}

export function rememberInStaging(staging: Staging, { id, seq }: FedStore): void {
  staging.writeMeta(stagingKey, JSON.stringify({ id, seq }));
}

export function rememberInAuth(auth: Db, { id, seq }: FedStore): void {
  auth.exec(fedStoreTable);
  auth
    .prepare(
      'INSERT INTO fed_store VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET id = excluded.id, seq = excluded.seq',
    )
    .run(id, seq);
}

/** What staging.db records about the messages.db that it filled. */
export interface StagingMemory {
  store: FedStore | undefined;
  generation: string;
  /** Rows up to these numbers were copied. */
  lanes: { lane: string; counted_upto: number }[];
}

export function readStagingMemory(db: Db): StagingMemory {
  const meta = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck();
  const note = meta.get(stagingKey);
  return {
    store: note === undefined ? undefined : (JSON.parse(note) as FedStore),
    generation: meta.get('generation') ?? '',
    lanes: db.prepare<[], StagingMemory['lanes'][number]>('SELECT lane, counted_upto FROM lanes').all(),
  };
}

/** What a file records; undefined when it is missing, unreadable or records nothing. */
function readFromFile<T>(path: string, ask: (db: Db) => T): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { db } = openReadable(path);
    try {
      return ask(db);
    } finally {
      db.close();
    }
  } catch {
    return undefined; // the code that uses the file reports what is wrong with it
  }
}

/** What staging.db and auth.db record about messages.db, whether or not messages.db exists. */
export function readStoreRecords({ staging, auth }: Pick<DataPaths, 'staging' | 'auth'>) {
  return {
    staging: readFromFile(staging, readStagingMemory),
    auth: readFromFile(auth, (db) => db.prepare<[], FedStore>('SELECT id, seq FROM fed_store').get()),
  };
}
