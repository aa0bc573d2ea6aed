import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database, { type Statement } from 'better-sqlite3';
import { bridgePaths, type DataPaths, packageRoot } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { makeFolder } from '../../system/folder.ts';
import { nameFile } from '../files/failure.ts';
import { nameFailures } from '../files/named-failures.ts';
import { messagesOwner, type Owner, refuseForeign } from '../files/owner.ts';
import { isHeld } from './lock.ts';

/** An open SQLite file. Only src/store imports the driver. */
export type Db = Database.Database;

const writerTimeoutMs = 5000;
const readerTimeoutMs = 50;

/**
 * Creates the folder (0700) and the file (0600) before SQLite does; its -wal and -shm files inherit the file's mode.
 */
function createPrivately(path: string): void {
  makeFolder(dirname(path));
  // Never close a descriptor of an existing file here: POSIX would release all locks of this process on it, and another
  // process could delete the log as its own.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

/** Retries, because SQLite does not wait while the journal mode changes, and two processes may create the same file. */
function useWriteAheadLog(db: Db): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; ; attempt++) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= 250) throw error;
      Atomics.wait(sleeper, 0, 0, 20);
    }
  }
}

/** True when another connection held the lock for longer than the busy timeout. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** True when the file is damaged or not a SQLite file. */
export function isCorrupt(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(error.code);
}

/** More distinct statements than the program has; exceeding it means that a statement is built from values. */
const maxKept = 1000;

/**
 * Caches prepared statements. A copy prepares the same hundred statements several times a second, and a list of chats the
 * same one for each chat, which takes longer than running them; each holds memory outside of the heap until V8 collects it.
 */
function keepStatements(db: Db): void {
  const prepare = db.prepare.bind(db) as (sql: string) => Statement;
  const kept = new Map<string, Statement>();
  const known = (key: string, make: () => Statement): Statement => {
    const statement = kept.get(key) ?? make();
    if (kept.size >= maxKept) kept.clear();
    kept.set(key, statement);
    return statement;
  };
  const plain = (sql: string): Statement => {
    const statement = prepare(sql);
    // Callers share a statement and its mode, so plucking uses a separate one.
    statement.pluck = () => known(`pluck ${sql}`, () => prepare(sql).pluck());
    return statement;
  };
  db.prepare = ((sql: string) => known(sql, () => plain(sql))) as Db['prepare'];
}

/**
 * Forbids the file's own schema to call functions with side effects, and treats a page whose rows do not fit as
 * damaged.
 */
export function trustNoSchema(db: Db): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
}

/** A connection whose errors name their file. */
function connect(path: string, options: Database.Options): Db {
  try {
    const db = new Database(path, options);
    nameFailures(db, path);
    trustNoSchema(db);
    return db;
  } catch (error) {
    throw nameFile(error, path);
  }
}

/**
 * Opens a file for writing, creating it where missing: WAL, synchronous NORMAL, foreign keys on, waits 5 s for a lock.
 * With `owner`, throws `store_unavailable` for a file of another program before anything is written to it.
 */
export function openWriter(path: string, owner?: Owner): Db {
  try {
    createPrivately(path);
  } catch (error) {
    throw nameFile(error, path);
  }
  const db = connect(path, { timeout: writerTimeoutMs });
  try {
    if (owner) refuseForeign(db, path, owner);
    useWriteAheadLog(db);
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('secure_delete = ON'); // otherwise revoked text stays readable in free pages of the file
    keepStatements(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens an existing file for the main thread: it cannot write and waits for a lock for at most 50 ms. */
export function openQueryOnly(path: string): Db {
  const db = connect(path, { timeout: readerTimeoutMs, fileMustExist: true });
  db.pragma('query_only = ON');
  keepStatements(db);
  return db;
}

/** A database for this connection only, gone when it is closed; `content` is a complete database file to start from. */
export function openInMemory(content?: Buffer): Db {
  return new Database(content ?? ':memory:');
}

/** The inode of a file, -1 where there is none. A replaced file has another one. */
export const fileId = (path: string): number => statSync(path, { throwIfNoEntry: false })?.ino ?? -1;

export function migrationsFolder(): string {
  return join(packageRoot(), 'bridges', 'whatsmeow', 'daemon', 'sqlite', 'migrations');
}

/** The migrations of a folder in their order; `001_init.sql` brings the schema to version 1. */
export function readMigrations(folder: string): { version: number; path: string }[] {
  return readdirSync(folder)
    .filter((name) => /^\d+_.*\.sql$/.test(name))
    .map((name) => ({ version: Number.parseInt(name, 10), path: join(folder, name) }))
    .sort((a, b) => a.version - b.version);
}

/** The schema version this program knows. */
export function knownVersion(folder = migrationsFolder()): number {
  return readMigrations(folder).at(-1)?.version ?? 0;
}

export const schemaVersion = (db: Db): number => db.pragma('user_version', { simple: true }) as number;

/** Throws `schema_mismatch` when the file is newer than this program and does not allow this use. */
export function requireCompatible(db: Db, use: 'min_reader' | 'min_writer', known = knownVersion()): void {
  const version = schemaVersion(db);
  if (version <= known) return;
  const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(use) as { value: string } | undefined;
  if (row && Number(row.value) <= known) return;
  throw new AppError('schema_mismatch', `messages.db has schema version ${version}; this program knows ${known}.`);
}

/** How many times to check, 20 ms apart, whether a starting wa-bridge has written its schema version. */
const bridgeChecks = 10;

/**
 * Throws `schema_mismatch` while a running wa-bridge does not know the next schema: the schema must never change under
 * a program that does not know it. wa-bridge writes its version (meta.whatsmeow_schema) before anything else.
 */
function refuseUnderOlderBridge(db: Db, known: number): void {
  const { lock } = bridgePaths(dirname(db.name));
  const said = (): number => {
    const value = db.prepare("SELECT value FROM meta WHERE key = 'whatsmeow_schema'").pluck().get();
    return Number(value ?? 0);
  };
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let look = 0; look < bridgeChecks; look++) {
    if (!isHeld(lock) || said() >= known) return;
    Atomics.wait(sleeper, 0, 0, 20);
  }
  throw new AppError(
    'schema_mismatch',
    `A wa-bridge is running that knows messages.db up to schema version ${said()}; this program would make it ${known}. End that wa-bridge, and start the one of this version afterwards.`,
  );
}

/**
 * Migrates messages.db to the newest schema, each step in its own transaction; concurrent processes wait for each
 * other. Throws `schema_mismatch` when the file is too new to be written by this program, or while an older wa-bridge
 * uses it.
 */
export function migrate(db: Db, folder = migrationsFolder()): void {
  const migrations = readMigrations(folder);
  const known = migrations.at(-1)?.version ?? 0;
  for (const { version, path } of migrations) {
    if (schemaVersion(db) >= version) continue;
    if (schemaVersion(db) > 0) refuseUnderOlderBridge(db, known);
    db.transaction(() => {
      if (schemaVersion(db) >= version) return;
      db.exec(readFileSync(path, 'utf8'));
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
  requireCompatible(db, 'min_writer', known);
}

/** Creates or migrates messages.db, so that it can be read before the worker has started. */
export function ensureDatabases(paths: Pick<DataPaths, 'messages'>): void {
  const db = openWriter(paths.messages, messagesOwner);
  try {
    if (schemaVersion(db) < knownVersion()) migrate(db);
    else requireCompatible(db, 'min_reader');
  } finally {
    db.close();
  }
}
