import Database from 'better-sqlite3';
import { type Db, migrate } from '../../../src/store/sqlite/database.ts';
import { type StoredRow, singleReads, tablesOf } from './single-reads.ts';

export interface Comparison {
  /** Valid rows that single reads return, by table. */
  brought: number;
  /** The number of rows in the new file. */
  salvaged: number;
  /** Rows that single reads return and that are missing or different in the new file. */
  missed: string[];
}

/**
 * Compares a copy with what it must have: the rows that single reads of the damaged file return and a sound schema
 * accepts.
 */
export function compareWithSingleReads(damaged: string, sound: string, salvaged: string | null): Comparison {
  const whole = new Database(sound, { readonly: true });
  const result = salvaged === null ? null : new Database(salvaged, { readonly: true });
  const fresh = new Database(':memory:');
  migrate(fresh as Db);
  fresh.pragma('foreign_keys = OFF');
  const comparison: Comparison = { brought: 0, salvaged: 0, missed: [] };
  try {
    const reads = singleReads(damaged, whole) ?? new Map<string, StoredRow[]>();
    for (const { name } of tablesOf(whole)) {
      const expected = (reads.get(name) ?? []).filter(
        (row) => isTaken(fresh, name, row) && hasMessage(result, name, row),
      );
      const have = result === null ? [] : rowsIn(result, name);
      const known = new Set(have.map(textOf));
      comparison.brought += expected.length;
      comparison.salvaged += have.length;
      for (const row of expected)
        if (!known.has(textOf(row))) comparison.missed.push(`${name} ${textOf(row).slice(0, 200)}`);
    }
    return comparison;
  } finally {
    for (const db of [whole, result, fresh]) db?.close();
  }
}

const rowsIn = (db: Database.Database, table: string): StoredRow[] =>
  (db.prepare(`SELECT * FROM ${table}`).all() as StoredRow[]).filter((row) => !isOwnMark(table, row));

/** A first text without its message says neither where nor by whom: it stays behind. */
const hasMessage = (db: Database.Database | null, table: string, row: StoredRow): boolean =>
  table !== 'originals' || db?.prepare('SELECT 1 FROM messages WHERE seq = ?').get(row['message_seq']) !== undefined;

/** Each file has a `store_id` of its own, which no copy takes over. */
const isOwnMark = (table: string, row: StoredRow): boolean => table === 'meta' && row['key'] === 'store_id';

function isTaken(fresh: Database.Database, table: string, row: StoredRow): boolean {
  if (isOwnMark(table, row)) return false;
  const columns = Object.keys(row);
  try {
    const sql = `INSERT ${table === 'meta' ? 'OR REPLACE' : ''} INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`;
    return fresh.prepare(sql).run(Object.values(row)).changes === 1;
  } catch (error) {
    if (error instanceof Database.SqliteError) return false;
    throw error;
  }
}

/** A merge into a lost chat is undone; invalid JSON is dropped. */
function textOf(row: StoredRow): string {
  return JSON.stringify(row, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
  );
}
