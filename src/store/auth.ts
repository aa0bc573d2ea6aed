import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { JournalEntry, KeyValueStore, StoredStanza } from '../domain/linked-device.ts';
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

/** An empty message with its padding. */
const nothing = "x'01'";
/** Types of rows in `kv` that are ours, beside those of the library. */
const editType = 'journal-edit';
const revokedType = 'journal-revoked';

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
 * Removes plaintexts of what was taken back, in whichever order it arrives. Which stanzas edit a message, and which
 * messages were taken back, stands in `kv` with its time (ms since 1970).
 */
function forgetting(db: Database.Database, now: () => number) {
  const note = db.prepare('INSERT INTO kv VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const isRevoked = db.prepare(`SELECT 1 FROM kv WHERE type = '${revokedType}' AND id = ?`);
  const editsOf = db
    .prepare<[string, string], string>(`SELECT id FROM kv WHERE type = '${editType}' AND id >= ? AND id < ?`)
    .pluck();
  const empty = db.prepare(`UPDATE journal SET plain = ${nothing} WHERE stanza_id = ? AND done_at IS NOT NULL`);
  const forgetNotes = db.prepare(
    `DELETE FROM kv WHERE type IN ('${editType}', '${revokedType}') AND CAST(value AS INTEGER) < ?`,
  );
  const forgetEntries = db.prepare('DELETE FROM journal WHERE done_at < ?');
  /** Edits of one message stand together, and JSON ends its id. */
  const prefixOf = (messageId: string): string => `${JSON.stringify(messageId)} `;
  const emptyAll = (messageId: string): void => {
    const prefix = prefixOf(messageId);
    empty.run(messageId);
    for (const id of editsOf.all(prefix, `${prefix}\u{10ffff}`)) empty.run(id.slice(prefix.length));
  };
  return {
    /** For a stanza that is done; call inside a transaction. */
    settle({ id, edits }: StoredStanza): void {
      if (edits !== undefined) note.run(editType, prefixOf(edits) + id, String(now()));
      for (const messageId of [id, edits]) if (messageId !== undefined && isRevoked.get(messageId)) emptyAll(messageId);
    },
    forget: db.transaction((messageIds: readonly string[]) => {
      for (const id of messageIds) {
        note.run(revokedType, id, String(now()));
        emptyAll(id);
      }
    }).immediate,
    /** Returns how many entries of the journal are gone. */
    prune: db.transaction((before: number): number => {
      forgetNotes.run(before);
      return forgetEntries.run(before).changes;
    }).immediate,
  };
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

  const set = db.transaction<KeyValueStore['set']>((rows, journal = []) => {
    for (const { type, id, value } of rows) value === null ? remove.run(type, id) : write.run(type, id, value);
    for (const { hash, plain, stanza, stanzaId, source } of journal) record.run(hash, plain, stanza, stanzaId, source);
  }).immediate;
  const { settle, forget, prune } = forgetting(db, now);
  const done = db.transaction((stanzas: readonly StoredStanza[]) => {
    for (const stanza of stanzas) {
      markDone.run(now(), stanza.id, stanza.source);
      settle(stanza);
    }
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
    journalForget: forget,
    journalPrune: (olderThanMs) => prune(now() - olderThanMs),
    wipe() {
      wipe();
      db.pragma('wal_checkpoint(TRUNCATE)'); // otherwise the keys stay readable in the -wal file
    },
    close: () => void db.close(),
  };
}
