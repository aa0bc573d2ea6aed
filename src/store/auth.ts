import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { JournalEntry, KeyValueStore, StanzaKey } from '../domain/linked-device.ts';
import { makeFolder } from '../system/folder.ts';
import { withFile } from './files/failure.ts';
import { nameFailures } from './files/named-failures.ts';
import { authOwner, refuseForeign } from './files/owner.ts';
import { trustNoSchema } from './sqlite/database.ts';

/** Makes the tables of auth.db where they are missing. */
export const authSchema = `
CREATE TABLE IF NOT EXISTS kv (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;
-- Plaintexts that WhatsApp was told we have; done_at is set once staging.db has them (ms since 1970).
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  plain BLOB NOT NULL,
  stanza BLOB,
  stanza_id TEXT,
  done_at INTEGER,
  source TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS journal_by_stanza ON journal (stanza_id);
CREATE INDEX IF NOT EXISTS journal_pending ON journal (seq) WHERE done_at IS NULL;
`;

const columns = 'hash, plain, stanza, stanza_id AS stanzaId, source';

function openDatabase(path: string): Database.Database {
  makeFolder(dirname(path));
  // SQLite copies this file's permissions to its -wal and -shm files. Closing a file that this process has open
  // elsewhere would release its locks (POSIX).
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new Database(path, { timeout: 5000 });
  try {
    nameFailures(db, path);
    trustNoSchema(db);
    refuseForeign(db, path, authOwner);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL'); // WhatsApp gets an acknowledgement after each commit
    db.pragma('secure_delete = ON');
    db.exec(authSchema);
    const named = db.prepare("SELECT 1 FROM pragma_table_info('journal') WHERE name = 'source'");
    if (!named.get()) db.exec('ALTER TABLE journal ADD COLUMN source TEXT'); // for files older than the column
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens auth.db (creates it, readable by this user only): credentials, Signal keys and the inbound journal.
 * Throws `store_unavailable` when it cannot be opened; calls throw better-sqlite3's SqliteError when a write fails, and
 * `store_unavailable` when a read fails.
 */
export function openAuth(path: string, now: () => number = Date.now): KeyValueStore {
  const db = withFile(path, () => openDatabase(path));
  const read = db.prepare<[string, string], { value: string }>('SELECT value FROM kv WHERE type = ? AND id = ?');
  const write = db.prepare('INSERT INTO kv VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const remove = db.prepare('DELETE FROM kv WHERE type = ? AND id = ?');
  const record = db.prepare(
    'INSERT INTO journal (hash, plain, stanza, stanza_id, source) VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING',
  );
  const entry = db.prepare<[string], JournalEntry>(`SELECT ${columns} FROM journal WHERE hash = ?`);
  const ofStanza = db.prepare<[string], JournalEntry>(
    `SELECT ${columns} FROM journal WHERE stanza_id = ? ORDER BY seq`,
  );
  const pending = db.prepare<[], JournalEntry>(`SELECT ${columns} FROM journal WHERE done_at IS NULL ORDER BY seq`);
  const markDone = db.prepare(
    'UPDATE journal SET done_at = ? WHERE stanza_id = ? AND (source = ? OR source IS NULL) AND done_at IS NULL',
  );
  const prune = db.prepare('DELETE FROM journal WHERE done_at < ?');

  const set = db.transaction<KeyValueStore['set']>((rows, journal = []) => {
    for (const { type, id, value } of rows) value === null ? remove.run(type, id) : write.run(type, id, value);
    for (const { hash, plain, stanza, stanzaId, source } of journal) record.run(hash, plain, stanza, stanzaId, source);
  }).immediate;
  const done = db.transaction((stanzas: readonly StanzaKey[]) => {
    for (const { id, source } of stanzas) markDone.run(now(), id, source);
  }).immediate;
  const wipe = db.transaction(() => db.exec('DELETE FROM kv; DELETE FROM journal;')).immediate;

  return {
    get(type, ids) {
      const rows = withFile(path, () => ids.map((id) => [id, read.get(type, id)?.value] as const));
      return new Map(rows.filter((row): row is readonly [string, string] => row[1] !== undefined));
    },
    set: (rows, journal) => set(rows, journal),
    journalEntry: (hash) => entry.get(hash),
    journalOf: (stanzaId) => ofStanza.all(stanzaId),
    journalPending: () => pending.all(),
    journalDone: (stanzas) => done(stanzas),
    journalPrune: (olderThanMs) => prune.run(now() - olderThanMs).changes,
    wipe() {
      wipe();
      db.pragma('wal_checkpoint(TRUNCATE)'); // otherwise the keys stay readable in the -wal file
    },
    close: () => void db.close(),
  };
}
