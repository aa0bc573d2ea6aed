import Database from 'better-sqlite3';
import { dataPaths } from '../../../src/config.ts';
import { queries } from '../../contract/orders.ts';
import { seenOf } from '../wire/both-bridges.ts';

/** Every row of messages.db that two writers must agree on, as text, by table. */
export type Rows = Record<string, string[]>;

export function rowsOf(dataDir: string): Rows {
  const db = new Database(dataPaths(dataDir).messages, { readonly: true });
  try {
    const read = (query: string, table: string) =>
      (db.prepare(query).all() as object[]).flatMap((row) => JSON.stringify(seenOf(table, row)) ?? []);
    const named = Object.entries(queries).filter(([table]) => table !== 'meta' && table !== 'checkpoints');
    return Object.fromEntries(named.map(([table, query]) => [table, read(query, table)]));
  } finally {
    db.close();
  }
}

/** Rows that occur more often on one side. */
export function unequalRows(actual: Rows, expected: Rows): string[] {
  return Object.keys(expected).flatMap((table) => unequal(table, actual[table] ?? [], expected[table] ?? []));
}

function unequal(table: string, actual: readonly string[], expected: readonly string[]): string[] {
  const surplus = new Map<string, number>();
  for (const row of actual) surplus.set(row, (surplus.get(row) ?? 0) + 1);
  for (const row of expected) surplus.set(row, (surplus.get(row) ?? 0) - 1);
  return [...surplus]
    .filter(([, count]) => count !== 0)
    .map(([row, count]) => `${count > 0 ? 'too much' : 'missing'} in ${table}: ${row.slice(0, 300)}`);
}
