import { randomUUID } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import { AppError } from '../../domain/errors.ts';
import { type MessageColumn, messageColumns } from '../../domain/message.ts';
import { messageColumnTypes } from '../../domain/message-columns.ts';
import type { Owner } from '../files/owner.ts';
import { type Db, openWriter } from '../sqlite/database.ts';
import { deletionSchema, gapSchema, memberSchema, pairSchema, stagingSchema, wordSchema } from './schema.ts';

export type Lane = 'history' | 'live';

/** An open staging.db. Each thread and process opens its own. */
export interface Staging {
  readonly db: Db;
  readonly path: string;
  /** Changes when the file is recreated, so that old watermarks do not skip its rows. */
  readonly generation: string;
  readMeta(key: string): string | undefined;
  writeMeta(key: string, value: string): void;
  close(): void;
}

const schemaVersion = 6;

/**
 * Opens staging.db, creating it where missing. A commit survives power loss, because WhatsApp does not deliver
 * acknowledged messages again. Throws `schema_mismatch` for a file of another version.
 */
export function openStaging(path: string): Staging {
  const db = openWriter(path, stagingOwner);
  try {
    db.pragma('synchronous = FULL');
    bringUpToDate(db);
    const read = db.prepare('SELECT value FROM meta WHERE key = ?').pluck();
    const write = db.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    return {
      db,
      path,
      generation: read.get('generation') as string,
      readMeta: (key) => read.get(key) as string | undefined,
      writeMeta: (key, value) => void write.run(key, value),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

export const stagingOwner: Owner = { table: 'lanes', versioned: true };

export const isUpToDate = (db: Db): boolean => versionOf(db) === schemaVersion && missingColumns(db).length === 0;

/** Creates the tables, or upgrades those of an older version. Throws `schema_mismatch` for a newer one. */
export function bringUpToDate(db: Db): void {
  if (!isUpToDate(db)) db.transaction(() => prepareSchema(db)).immediate();
}

const versionOf = (db: Db): number => db.pragma('user_version', { simple: true }) as number;

/** Columns of a delivered message that messages.db has and this file does not. */
function missingColumns(db: Db): MessageColumn[] {
  const present = new Set(db.prepare<[], string>("SELECT name FROM pragma_table_info('messages')").pluck().all());
  return messageColumns.filter((column) => !present.has(column));
}

/** Another process may have created the schema in the meantime. */
function prepareSchema(db: Db): void {
  bringToVersion(db);
  for (const column of missingColumns(db)) {
    db.exec(`ALTER TABLE messages ADD COLUMN ${column} ${messageColumnTypes[column]}`);
  }
}

function bringToVersion(db: Db): void {
  const version = versionOf(db);
  if (version === schemaVersion) return;
  if (version > schemaVersion) throw new AppError('schema_mismatch', `staging.db has schema version ${version}.`);
  if (version === 0) {
    db.exec(stagingSchema);
    db.prepare("INSERT INTO meta (key, value) VALUES ('generation', ?)").run(randomUUID());
  } else {
    if (version < 2) db.exec(memberSchema);
    if (version < 3) db.exec(pairSchema);
    if (version < 4) db.exec(gapSchema);
    if (version < 5) db.exec(deletionSchema);
    db.exec(wordSchema);
  }
  db.pragma(`user_version = ${schemaVersion}`);
}

/** Prepared once: each arrival runs these statements, and preparing takes longer than running. */
const prepared = new WeakMap<Db, Statements>();

interface Statements {
  tick: Statement<[], number>;
  lane: Statement<[Lane], LaneState>;
}

function statementsOf({ db }: Pick<Staging, 'db'>): Statements {
  const known = prepared.get(db);
  if (known) return known;
  const statements = {
    tick: db.prepare<[], number>('UPDATE clock SET tick = tick + 1 RETURNING tick').pluck(),
    lane: db.prepare<[Lane], LaneState>(
      'SELECT waiting, frozen_upto, counted_upto, cleaned_upto FROM lanes WHERE lane = ?',
    ),
  };
  prepared.set(db, statements);
  return statements;
}

/** Begins the tick of one ingest transaction. */
export function nextTick(staging: Staging): number {
  return statementsOf(staging).tick.get() as number;
}

export interface LaneState {
  /** Staged messages that are not copied yet. */
  waiting: number;
  frozen_upto: number;
  counted_upto: number;
  cleaned_upto: number;
}

export function laneState(staging: Pick<Staging, 'db'>, lane: Lane): LaneState {
  return statementsOf(staging).lane.get(lane) as LaneState;
}

/** The error for rows of another account than the data directory's. */
export const accountMismatch = (): AppError =>
  new AppError('account_mismatch', 'This data directory holds the messages of another WhatsApp account.');

/**
 * Records the account in messages.db, for readers, other programs and a recreated staging.db. Throws `account_mismatch`
 * when the file belongs to another account. Call at the start of a copy.
 */
export function copyAccount(db: Db, staging: Staging): void {
  const known = db.prepare<[string], string>('SELECT value FROM main.meta WHERE key = ?').pluck();
  const tell = db.prepare('INSERT INTO main.meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING');
  for (const key of ['account_jid', 'account_lid', 'linked_at']) {
    const value = staging.readMeta(key);
    const stored = value === undefined ? undefined : known.get(key);
    if (key === 'account_jid' && stored !== undefined && stored !== value) throw accountMismatch();
    if (value !== undefined && stored === undefined) tell.run(key, value);
  }
}
