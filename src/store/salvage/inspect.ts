import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { KeyValueStore } from '../../domain/linked-device.ts';
import { hasHotJournal, PageFile, UnreadableFile } from '../pages/page-file.ts';
import { schemaRows } from '../pages/schema-rows.ts';
import { TreeWalker } from '../pages/tree.ts';
import { isBusy, openQueryOnly } from '../sqlite/database.ts';
import { compareSchema, messagesSchema, type SchemaDifference } from './known-schema.ts';

export interface Inspection {
  /** The fault, as text that follows the file's name; null when there is none. */
  fault: string | null;
  /** False where SQLite's own check could not run, because nothing can be written there. */
  isThorough: boolean;
}

/** How many times a file is reread while a server writes to it. */
const maxAttempts = 5;
/** SQLite's errors for a file beside which it cannot write. */
const cannotWrite = /^SQLITE_(READONLY|CANTOPEN|FULL|IOERR|PERM)/;

/**
 * Checks an existing database: first its pages as bytes, so that a damaged file stays untouched, then SQLite's own
 * check, which also reads all of it. `runsSql` false skips the second, for a file with a foreign schema. Throws the
 * file system's error when it cannot be read.
 */
export function inspectDatabase(path: string, { runsSql = true } = {}): Inspection {
  if (!statSync(path).isFile()) return { fault: 'it is no regular file', isThorough: true };
  const fault = pageFault(path);
  if (fault !== null || !runsSql) return { fault, isThorough: runsSql };
  try {
    return { fault: checkOf(path), isThorough: true };
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (cannotWrite.test(error.code)) return { fault: null, isThorough: false };
    const what = isBusy(error) ? 'the file is locked' : `it cannot be read (${error.code})`;
    return { fault: what, isThorough: true };
  }
}

function checkOf(path: string): string | null {
  const db = openQueryOnly(path);
  try {
    return db.pragma('integrity_check(1)', { simple: true }) === 'ok' ? null : 'the file is damaged';
  } finally {
    db.close();
  }
}

/** A server may write during the check, which takes no locks: only a fault found twice in an unchanged file counts. */
function pageFault(path: string): string | null {
  if (hasHotJournal(path)) return null; // SQLite rolls back the unfinished transaction
  let found: string | null = null;
  for (let look = 0; look < maxAttempts; look++) {
    const { fault, hasChanged } = readPages(path);
    if (fault === null || (fault === found && !hasChanged)) return fault;
    found = hasChanged ? null : fault;
  }
  return null;
}

function readPages(path: string): { fault: string | null; hasChanged: boolean } {
  let file: PageFile | undefined;
  try {
    file = new PageFile(path);
    const walker = new TreeWalker(file, { strict: true, maxRecordBytes: Number.POSITIVE_INFINITY });
    for (const { type, root } of schemaRows(file, walker)) {
      if (root === 0) continue;
      const kind = walker.kindOf(root) ?? (type === 'index' ? 'index' : 'table');
      for (const _ of walker.cells(root, kind));
    }
    return { fault: null, hasChanged: file.hasChanged() };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { fault: error.message, hasChanged: file?.hasChanged() ?? false };
  } finally {
    file?.close();
  }
}

export interface SchemaInspection {
  version: number;
  /** The difference from the migrations of this version; undefined for unknown versions. */
  difference: SchemaDifference | undefined;
}

/** Reads the schema version of an existing messages.db. Throws UnreadableFile when it cannot be determined. */
export function inspectSchema(path: string, known: number): SchemaInspection {
  const file = new PageFile(path);
  try {
    const version = file.userVersion;
    if (version < 1 || version > known) return { version, difference: undefined };
    const walker = new TreeWalker(file, { strict: true, maxRecordBytes: Number.POSITIVE_INFINITY });
    return { version, difference: compareSchema(schemaRows(file, walker), messagesSchema(version)) };
  } finally {
    file.close();
  }
}

/**
 * Whether an existing database has tables, but none with this name. Throws UnreadableFile when that cannot be
 * determined.
 */
export function isForeign(path: string, mark: string): boolean {
  const file = new PageFile(path);
  try {
    const walker = new TreeWalker(file, { strict: false, maxRecordBytes: Number.POSITIVE_INFINITY });
    let hasTables = false;
    for (const { type, name } of schemaRows(file, walker)) {
      if (type !== 'table') continue;
      if (name === mark) return false;
      hasTables = true;
    }
    return hasTables;
  } finally {
    file.close();
  }
}

/** Opens an existing auth.db for reading. */
export function viewAuth(path: string): Pick<KeyValueStore, 'get' | 'close'> {
  const db = openQueryOnly(path);
  const prepare = () => db.prepare<[string, string], string>('SELECT value FROM kv WHERE type = ? AND id = ?').pluck();
  let read: ReturnType<typeof prepare>;
  try {
    read = prepare();
  } catch (error) {
    db.close();
    throw error;
  }
  return {
    get: (type, ids) => {
      const rows = ids.map((id) => [id, read.get(type, id)] as const);
      return new Map(rows.filter((row): row is readonly [string, string] => row[1] !== undefined));
    },
    close: () => void db.close(),
  };
}
