import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { dataPaths } from '../../../src/config.ts';

const tables = {
  messages: `SELECT c.jid AS chat, m.* FROM messages m JOIN chats c ON c.id = m.chat_id ORDER BY c.jid, m.id`,
  chats: `SELECT c.*, m.jid AS merged FROM chats c LEFT JOIN chats m ON m.id = c.merged_into ORDER BY c.jid`,
  contacts: `SELECT c.*, m.jid AS merged FROM contacts c LEFT JOIN contacts m ON m.id = c.merged_into ORDER BY c.jid`,
  changes: `SELECT j.jid AS chat, c.* FROM changes c JOIN chats j ON j.id = c.chat_id ORDER BY 1, 3, 4, 5, 6`,
};
/** Columns that depend on the order of arrival, and the time at which a group reported its members. */
const arbitrary = new Set(['seq', 'chat_id', 'merged_into', 'members_at']);

export type Contents = Record<keyof typeof tables, string[]>;

function reading<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The rows of messages.db that users see, each as one line, in a stable order. */
export function contentsOf(dataDir: string): Contents {
  return reading(dataPaths(dataDir).messages, (db) => {
    const rows = (sql: string) => (db.prepare(sql).all() as Record<string, unknown>[]).map(line);
    return Object.fromEntries(Object.entries(tables).map(([name, sql]) => [name, rows(sql)])) as Contents;
  });
}

function line(row: Record<string, unknown>): string {
  return Object.entries(row)
    .filter(([name]) => !arbitrary.has(name) && name !== 'id')
    .concat(typeof row['id'] === 'string' ? [['id', row['id']]] : [])
    .map(([name, value]) => `${name}=${Buffer.isBuffer(value) ? value.toString('base64') : value}`)
    .join(' ');
}

/** Rows that only one side has, and duplicate rows; empty when both are equal. */
export function differences(actual: Contents, expected: Contents): string[] {
  return (Object.keys(tables) as (keyof Contents)[]).flatMap((table) => {
    const [mine, theirs] = [new Set(actual[table]), new Set(expected[table])];
    return [
      ...expected[table].filter((row) => !mine.has(row)).map((row) => `missing in ${table}: ${row.slice(0, 300)}`),
      ...actual[table].filter((row) => !theirs.has(row)).map((row) => `extra in ${table}: ${row.slice(0, 300)}`),
      ...(mine.size < actual[table].length ? [`twice in ${table}`] : []),
    ];
  });
}

export function integrityOf(path: string): unknown {
  return reading(path, (db) => db.pragma('integrity_check', { simple: true }));
}

/** The id of every message in messages.db, once per row. */
export function idsOf(path: string): string[] {
  return reading(path, (db) => db.prepare<[], string>('SELECT id FROM messages').pluck().all());
}

/** Rows of a table, or 0 while the file or table does not exist. */
export function countRows(path: string, table: string): number {
  return numberFrom(path, `SELECT count(*) FROM ${table}`);
}

/** Whether messages.db or staging.db has a message with this id. */
export function hasMessage(path: string, id: string): boolean {
  return numberFrom(path, 'SELECT count(*) FROM messages WHERE id = ?', id) > 0;
}

function numberFrom(path: string, sql: string, ...values: string[]): number {
  if (!existsSync(path)) return 0;
  try {
    return reading(
      path,
      (db) =>
        db
          .prepare(sql)
          .pluck()
          .get(...values) as number,
    );
  } catch {
    return 0;
  }
}
