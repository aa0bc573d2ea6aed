import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openIndex } from '../../../src/store/search/indexer.ts';
import { contentsFromScratch, indexContents } from '../../support/rows/index-contents.ts';
import { MessagesDb } from '../../support/rows/messages-db.ts';

/** The tables of layout 2, whose words SQLite's tokenizer split and folded. */
const oldTables = `
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
  CREATE VIRTUAL TABLE entries USING fts5 (text, k, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc So Sk'");
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab (entries, col);`;

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  const chat = db.chat('120363000000000001@g.us');
  db.message(chat, { content: 'Jedziemy do Łodzi' });
  db.message(chat, { content: 'مَرْحَبًا' });
  const old = new Database(db.paths.search);
  old.exec(oldTables);
  const store = db.db.prepare("SELECT value FROM meta WHERE key = 'store_id'").pluck().get();
  old.prepare("INSERT INTO state VALUES (?, 2, 'old', 2, 0, 0, 0, 0)").run(store);
  const rows = db.db.prepare<[], { seq: number; timestamp: number; content: string }>('SELECT * FROM messages').all();
  for (const { seq, timestamp, content } of rows) {
    const docid = (timestamp - 1_230_768_000) * 64;
    old.prepare("INSERT INTO docs VALUES (?, ?, ?, 1, 'text')").run(docid, seq, timestamp);
    old.prepare('INSERT INTO entries (rowid, text, k) VALUES (?, ?, ?)').run(docid, content, 'c1 them ttext');
  }
  old.prepare("INSERT INTO counts VALUES (1, 'text', 2)").run();
  old.close();
});
afterEach(() => db.close());

describe('an index of the folding before', () => {
  const finds = () => [db.found({ content: 'lodzi' }), db.found({ content: 'مرحبا' })];

  test('holds words that its own folding does not find', () => {
    const old = new Database(db.paths.search);
    const count = old.prepare('SELECT count(*) FROM entries WHERE entries MATCH ?').pluck();
    expect([count.get('"łodzi"'), count.get('"lodzi"')]).toEqual([1, 0]);
    old.close();
  });

  test('is not read: the rows themselves are searched until it is built anew', () => {
    expect(finds()).toEqual([['MSG000001'], ['MSG000002']]);
    expect(db.reader.messages.unindexed()).toBe(2);
  });

  test('is built anew by the next indexing', () => {
    expect(db.index.indexNew(db.db)).toBe(0);
    expect(indexContents(db.paths.search)).toEqual(contentsFromScratch(db));
    expect(finds()).toEqual([['MSG000001'], ['MSG000002']]);
    expect(db.reader.messages.unindexed()).toBe(0);
  });

  test('is built anew while a reader has it open', () => {
    expect(finds()).toEqual([['MSG000001'], ['MSG000002']]);
    const other = openIndex(db.paths.search);
    other.indexNew(db.db);
    other.close();
    expect(db.reader.messages.unindexed()).toBe(0);
    expect(finds()).toEqual([['MSG000001'], ['MSG000002']]);
  });
});
