import type { Db } from '../sqlite/database.ts';

/** Raised when the tables below, the words or the terms change: an index of another layout is built anew. */
const layout = 3;

/** Splits what `indexedText` made: all beyond ASCII, and these two signs, are parts of words. */
const tokenizerOption = `tokenize = "ascii tokenchars '\`^'"`;

/** How far the index has read messages.db, and which file that was. */
export interface IndexState {
  store_id: string;
  layout: number;
  /** A new value for each rebuild. */
  build: string;
  /** Every row of messages up to this `seq` is in the index. */
  last_seq: number;
  /** Every row of search_log up to this number was applied. */
  last_log: number;
  /** The maximum seconds by which a document stands after its timestamp, because its second was full. */
  spill: number;
  /** 1 while `terms` lacks some terms. */
  stale_terms: number;
  /** 1 while the file may hold words of messages that were taken back, hidden or deleted. */
  taken_back: number;
}

/**
 * `docs.docid` encodes the message's time, so that the index is in order of time; `counts` holds the statistics;
 * `terms` lists the words for searches by a part of one.
 */
const tables = `
  CREATE TABLE state (
    store_id TEXT NOT NULL, layout INTEGER NOT NULL, build TEXT NOT NULL, last_seq INTEGER NOT NULL, last_log INTEGER NOT NULL,
    spill INTEGER NOT NULL, stale_terms INTEGER NOT NULL, taken_back INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE docs (
    docid INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, timestamp INTEGER NOT NULL, chat_id INTEGER NOT NULL,
    type TEXT NOT NULL
  ) STRICT;
  CREATE TABLE counts (
    chat_id INTEGER NOT NULL, type TEXT NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (chat_id, type)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE) STRICT;
  CREATE VIRTUAL TABLE entries USING fts5 (text, k, content = '', contentless_delete = 1, ${tokenizerOption});
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab (entries, col);`;

/** Empties the file and creates an index that has read nothing and is bound to its messages.db. */
export function createIndexTables(db: Db, storeId: string, lastLog = 0): void {
  db.transaction(() => {
    const names = db
      .prepare<[], string>(
        `SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'entries\\_%' ESCAPE '\\'
         ORDER BY name = 'entries'`,
      )
      .pluck()
      .all();
    for (const name of names) db.exec(`DROP TABLE "${name.replaceAll('"', '""')}"`);
    db.exec(tables);
    db.prepare('INSERT INTO state VALUES (?, ?, hex(randomblob(8)), 0, ?, 0, 0, 0)').run(storeId, layout, lastLog);
  }).immediate();
}

/** The state of an index in the current layout; undefined for an empty or foreign file. */
export function readState(db: Db): IndexState | undefined {
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'state' AND type = 'table'").get();
  if (!known) return undefined;
  const state = db.prepare('SELECT * FROM state').get() as IndexState | undefined;
  return state?.layout === layout ? state : undefined;
}

export const storeId = (messages: Db): string | undefined =>
  messages.prepare<[], string>("SELECT value FROM meta WHERE key = 'store_id'").pluck().get();
