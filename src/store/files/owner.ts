import type BetterSqlite3 from 'better-sqlite3';
import { storeFailure } from './failure.ts';

/** How to recognise a file of ours. */
export interface Owner {
  /** A table that every file of ours has. */
  table: string;
  /** Whether every file of ours has a schema version. */
  versioned: boolean;
}

export const messagesOwner: Owner = { table: 'meta', versioned: true };
export const searchOwner: Owner = { table: 'state', versioned: false };
export const lookupsOwner: Owner = { table: 'allowance', versioned: false };
export const authOwner: Owner = { table: 'kv', versioned: false };

/** `empty`: the file has no tables. */
export function ownerOf(db: BetterSqlite3.Database, { table, versioned }: Owner): 'ours' | 'foreign' | 'empty' {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  if (tables.length === 0) return 'empty';
  if (!tables.includes(table)) return 'foreign';
  return versioned && db.pragma('user_version', { simple: true }) === 0 ? 'foreign' : 'ours';
}

/** Throws `store_unavailable` for a database of another program. Writes nothing. */
export function refuseForeign(db: BetterSqlite3.Database, path: string, owner: Owner): void {
  if (ownerOf(db, owner) === 'foreign') throw storeFailure('other_program', path);
}
