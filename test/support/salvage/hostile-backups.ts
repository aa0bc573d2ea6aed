import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Db, migrate } from '../../../src/store/sqlite/database.ts';
import { overwrite, sizeOf } from './damages.ts';

/** The expected outcome for a backup. */
export interface Outcome {
  /** A part of the refusal; undefined where the rows are restored. */
  refused?: RegExp;
  /** A part of the command's report about what it left out. */
  says?: RegExp;
}

interface Hostile extends Outcome {
  make(path: string): void;
}

type Options = { pageSize?: number; encoding?: string };

/** A messages.db with one chat and one message, changed by the test's SQL. */
export function backupWith(path: string, sql: string, { pageSize = 4096, encoding = 'UTF-8' }: Options = {}): void {
  const db = new Database(path);
  try {
    db.pragma(`page_size = ${pageSize}`);
    db.pragma(`encoding = '${encoding}'`);
    migrate(db as Db);
    db.exec(`INSERT INTO chats (id, jid, kind, name) VALUES (1, '15550101@s.whatsapp.net', 'direct', 'Öhler');
      INSERT INTO chat_aliases VALUES ('15550101@s.whatsapp.net', 1);
      INSERT INTO messages (chat_id, id, timestamp, from_me, type, content, raw, source)
        VALUES (1, 'A1', 1700000000, 0, 'text', 'kept ✓', zeroblob(9000), 'baileys')`);
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** Replaces a CREATE statement of our schema, bypassing SQLite's own checks. */
const rewrite = (name: string, from: string, to: string): string =>
  `UPDATE sqlite_schema SET sql = replace(sql, ${quoted(from)}, ${quoted(to)}) WHERE name = '${name}'`;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const notAsMade = /table chats is not as this program makes it/;
const endless =
  'CREATE VIEW chats AS WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r) SELECT id FROM r';

const make =
  (sql: string, options?: Options) =>
  (path: string): void =>
    backupWith(path, sql, options);

/** Copies of messages.db made by an attacker, or by accident. */
export const hostileBackups: Record<string, Hostile> = {
  'a view that never ends in place of chats': {
    make: make(`PRAGMA writable_schema = OFF; DROP TABLE chats; ${endless}`),
    refused: /no table chats as this program makes it/,
  },
  'a generated column of 8 MB': {
    make: make('ALTER TABLE chats ADD COLUMN more TEXT AS (hex(zeroblob(4000000))) VIRTUAL'),
    refused: notAsMade,
  },
  'a default of 4 MB': {
    make: make(rewrite('chats', 'name TEXT', 'name TEXT DEFAULT (hex(zeroblob(4000000)))')),
    refused: notAsMade,
  },
  'a CHECK that takes long': {
    make: make(rewrite('chats', 'name TEXT', 'name TEXT CHECK (length(randomblob(900000000)) > 0)')),
    refused: notAsMade,
  },
  'an unknown collation': {
    make: make(rewrite('chats', 'jid TEXT NOT NULL UNIQUE', 'jid TEXT NOT NULL UNIQUE COLLATE other')),
    refused: notAsMade,
  },
  'triggers that forge messages': {
    make: make(`CREATE TRIGGER forge AFTER INSERT ON messages BEGIN
      UPDATE messages SET content = 'FORGED' WHERE seq = new.seq; END;
      CREATE TRIGGER "forge too" AFTER INSERT ON chats BEGIN DELETE FROM messages; END`),
    says: /no part of messages\.db: trigger forge, trigger forge\?too\./,
  },
  'indexes over expressions and parts, other tables and views': {
    make: make(`CREATE TABLE more (a); CREATE VIEW looks AS SELECT * FROM more;
      CREATE INDEX odd ON messages (length(hex(content))) WHERE from_me = 1`),
    says: /table more, view looks, index odd/,
  },
  'a virtual table': { make: make('CREATE VIRTUAL TABLE words USING fts5(a)'), says: /table words/ },
  'SQL text of 20 MB': {
    make: make("INSERT INTO sqlite_schema VALUES ('view', 'long', 'long', 0, hex(zeroblob(10000000)))"),
    says: /view long/,
  },
  'SQL text of 20 MB for chats': {
    make: make("UPDATE sqlite_schema SET sql = sql || hex(zeroblob(10000000)) WHERE name = 'chats'"),
    refused: notAsMade,
  },
  'chats listed twice': {
    make: make("INSERT INTO sqlite_schema SELECT type, name, tbl_name, 3, sql FROM sqlite_schema WHERE name = 'chats'"),
    refused: notAsMade,
  },
  'two tables on the same pages': {
    make: make(
      "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'contacts') WHERE name = 'chats'",
    ),
    refused: /damaged/,
  },
  'a table on the page of the schema': {
    make: make("UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'chats'"),
    refused: /damaged/,
  },
  'a lie about the version, higher': { make: make('PRAGMA user_version = 9999'), refused: /schema 9999/ },
  'a lie about the version, lower': { make: make('PRAGMA user_version = 1'), refused: notAsMade },
  'another application_id': { make: make('PRAGMA application_id = 7') },
  'pages of 512 bytes': { make: make('', { pageSize: 512 }) },
  'pages of 65536 bytes': { make: make('', { pageSize: 65_536 }) },
  'UTF-16, little end first': { make: make('', { encoding: 'UTF-16le' }) },
  'UTF-16, big end first': { make: make('', { encoding: 'UTF-16be' }) },
  'values of wrong types': {
    make(path) {
      backupWith(path, `INSERT INTO search_log (message_seq) VALUES (7);${rewrite('search_log', ') STRICT', ')')}`);
      const db = new Database(path);
      db.exec("INSERT INTO search_log (message_seq) VALUES ('no number')");
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.exec(`${rewrite('search_log', ')', ') STRICT')}`);
      db.close();
    },
    says: /search_log: 1 row left out, because a value is of the wrong type \(numbers 2\)/,
  },
  'rows of nobody': {
    make: make(`INSERT INTO chat_aliases VALUES ('x', 99); UPDATE chats SET merged_into = 1;
      INSERT INTO messages (chat_id, id, timestamp, from_me, type, source) VALUES (99, 'A', 1, 0, 'text', 'baileys');
      INSERT INTO originals (message_seq, type, content) SELECT max(seq), 'text', 'first' FROM messages`),
    says: /chat_aliases: 1 row left out, because what[\s\S]*messages: 1 row left out[\s\S]*originals: 1 row left[\s\S]*1 merge /,
  },
  'text that is not UTF-8': {
    make: make("UPDATE chats SET name = CAST(x'41ff42' AS TEXT)"),
    says: /chats: 1 row with a text that is damaged in part/,
  },
  'JSON that is none': { make: make("UPDATE chats SET merge_note = '{'"), says: /chats: 1 row with a text/ },
  'a row of 17 MB': {
    make: make('UPDATE messages SET raw = zeroblob(17000000)'),
    says: /messages: 1 row left out, because they are too large \(numbers 1\)/,
  },
  'the last number there is': {
    make: make(`INSERT INTO messages (seq, chat_id, id, timestamp, from_me, type, source)
      VALUES (9223372036854775807, 1, 'Z', 1, 0, 'text', 'baileys')`),
    says: /messages: 1 row left out, because their number is out of range/,
  },
  'cut in the middle': {
    make(path) {
      backupWith(path, '');
      truncateSync(path, Math.floor(sizeOf(path) / 2));
    },
    refused: /damaged/,
  },
  'rows that share one overflow page': {
    make(path) {
      backupWith(
        path,
        "INSERT INTO messages (seq, chat_id, id, timestamp, sender, from_me, type, content, raw, source) SELECT 2, chat_id, 'B', timestamp, sender, from_me, type, content, raw, source FROM messages",
      );
      shareOverflow(path);
    },
    refused: /belongs to two places/,
  },
  'the file of another program': {
    make(path) {
      const db = new Database(path);
      db.exec('CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 3');
      db.close();
    },
    refused: /no table meta as this program makes it/,
  },
  'no database': { make: (path) => writeFileSync(path, 'no database '.repeat(1000)), refused: /no SQLite database/ },
  'an empty file': { make: (path) => writeFileSync(path, ''), refused: /empty/ },
  'a change that was not finished': {
    make(path) {
      backupWith(path, '');
      writeFileSync(`${path}-journal`, Buffer.concat([Buffer.from('d9d505f920a163d7', 'hex'), Buffer.alloc(600)]));
    },
    refused: /-journal beside it/,
  },
};

/** Makes the record of the second message continue in the pages of the first. */
function shareOverflow(path: string): void {
  const db = new Database(path, { readonly: true });
  const pages = db
    .prepare<[], number>(
      "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'overflow' AND path LIKE '%+000000'",
    )
    .pluck()
    .all();
  const leaf = db
    .prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf'")
    .pluck()
    .get();
  db.close();
  const [first = 0, second = 0] = pages;
  const page = ((leaf ?? 1) - 1) * 4096;
  const number = Buffer.alloc(4);
  number.writeUInt32BE(second);
  const target = Buffer.alloc(4);
  target.writeUInt32BE(first);
  const bytes = readFileSync(path).subarray(page, page + 4096);
  overwrite(path, page + bytes.indexOf(number, 100), target);
}
