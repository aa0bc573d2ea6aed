import Database from 'better-sqlite3';
import type { KeyValueStore } from '../domain/linked-device.ts';
import { isBusy, openQueryOnly, schemaVersion } from './database.ts';

export interface Inspection {
  /** What the file's own check says against it; null when nothing. */
  fault: string | null;
  schema_version: number;
}

/** Looks at an existing database without changing it; SQLite's quick check reads all of it. */
export function inspectDatabase(path: string): Inspection {
  try {
    const db = openQueryOnly(path);
    try {
      const found = db.pragma('quick_check(1)', { simple: true }) as string;
      return { fault: found === 'ok' ? null : 'the file is damaged', schema_version: schemaVersion(db) };
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return { fault: isBusy(error) ? 'the file is locked' : `it cannot be read (${error.code})`, schema_version: 0 };
  }
}

/** The rows of an existing auth.db, to look at. */
export function viewAuth(path: string): Pick<KeyValueStore, 'get' | 'close'> {
  const db = openQueryOnly(path);
  const read = db.prepare<[string, string], string>('SELECT value FROM kv WHERE type = ? AND id = ?').pluck();
  return {
    get: (type, ids) => {
      const rows = ids.map((id) => [id, read.get(type, id)] as const);
      return new Map(rows.filter((row): row is readonly [string, string] => row[1] !== undefined));
    },
    close: () => void db.close(),
  };
}
