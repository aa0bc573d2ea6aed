import { rmSync } from 'node:fs';
import { searchOwner } from '../files/owner.ts';
import { type Db, fileId, isBusy, isCorrupt, openQueryOnly, openWriter } from '../sqlite/database.ts';
import { addDocuments, removeDocuments, type SourceRow, searchableText, sourceColumns } from './documents.ts';
import { forgetWords, hasTakenBack } from './forgetting.ts';
import { createIndexTables, type IndexState, readState, storeId } from './schema.ts';
import { addTerms, refreshTerms } from './terms.ts';

const chunkRows = 20_000;
const quickRows = 500;
const logRows = 1000;
const restPerWork = 100;

export interface IndexOptions {
  /** Stop after about this many rows. */
  limit?: number;
  /** Stop at this moment (milliseconds since 1970), after finishing the current chunk. */
  deadline?: number;
}

/** The search index as the worker writes it: search.db, a cache that is rebuilt when it is not usable. */
export interface SearchIndex {
  /**
   * Reads new and changed rows of messages.db, in transactions that store index and progress together. Returns how many
   * rows are left: never too few, and 0 exactly when everything is searchable.
   */
  indexNew(messages: Db, options?: IndexOptions): number;
  close(): void;
}

/** Opens search.db for the worker; creates a missing or damaged file anew. */
export function openIndex(path: string): SearchIndex {
  return new IndexWriter(path);
}

class IndexWriter implements SearchIndex {
  readonly #path: string;
  #db: Db;
  #fileId: number;
  #restsUntil = 0;

  constructor(path: string) {
    this.#path = path;
    this.#db = openSound(path);
    this.#fileId = fileId(path);
  }

  indexNew(messages: Db, options: IndexOptions = {}): number {
    if (fileId(this.#path) !== this.#fileId) this.#reopen(false);
    try {
      return this.#catchUp(messages, options);
    } catch (error) {
      if (!isCorrupt(error) || !isSound(messages)) throw error;
      this.#reopen(true);
      return this.#catchUp(messages, options);
    }
  }

  close(): void {
    this.#db.close();
  }

  #reopen(damaged: boolean): void {
    this.#db.close();
    if (damaged) removeIndex(this.#path);
    this.#db = openSound(this.#path);
    this.#fileId = fileId(this.#path);
  }

  #catchUp(messages: Db, { limit = Number.POSITIVE_INFINITY, deadline = Number.POSITIVE_INFINITY }: IndexOptions) {
    if (!belongsTo(this.#db, messages))
      createIndexTables(this.#db, storeId(messages) as string, lastSeq(messages, 'search_log'));
    const perChunk = deadline === Number.POSITIVE_INFINITY ? chunkRows : 2 * quickRows;
    for (let read = 0; ; ) {
      const rows = this.#db.transaction(() => this.#chunk(messages, Math.min(perChunk, limit - read))).immediate();
      forgetLog(messages, readState(this.#db)?.last_log ?? 0);
      read += rows;
      if (rows === 0) break;
      if (read >= limit || Date.now() >= deadline) return remaining(this.#db, messages);
    }
    if (Date.now() < deadline) this.#completeTerms();
    if (deadline === Number.POSITIVE_INFINITY) this.#forget();
    return remaining(this.#db, messages);
  }

  /**
   * One step: changes first, then new rows; stores the state in the same transaction. Returns the number of rows read.
   */
  #chunk(messages: Db, most: number): number {
    const state = readState(this.#db);
    if (!state) return 0;
    const log = changedRows(messages, state, Math.min(logRows, most));
    const added = messages
      .prepare<[number, number], SourceRow>(`SELECT ${sourceColumns} WHERE m.seq > ? ORDER BY m.seq LIMIT ?`)
      .all(state.last_seq, most);
    if (log.entries === 0 && added.length === 0) return 0;
    const rows = [...log.rows, ...added];
    const takenBack = hasTakenBack(this.#db, log.seqs, log.rows) ? 1 : 0;
    removeDocuments(this.#db, log.seqs);
    const spill = addDocuments(this.#db, rows);
    const few = rows.length <= quickRows;
    if (few) addTerms(this.#db, rows.map(searchableText));
    this.#db
      .prepare(
        `UPDATE state SET last_seq = ?, last_log = ?, spill = max(spill, ?), stale_terms = max(stale_terms, ?),
           taken_back = max(taken_back, ?)`,
      )
      .run(added.at(-1)?.seq ?? state.last_seq, log.last, spill, few ? 0 : 1, takenBack);
    return log.entries + added.length;
  }

  /** Writes the whole index anew, which takes 3 s for a million messages, so it rests longer than it works. */
  #forget(): void {
    if (readState(this.#db)?.taken_back !== 1 || performance.now() < this.#restsUntil) return;
    const from = performance.now();
    this.#db.transaction(() => forgetWords(this.#db)).immediate();
    this.#restsUntil = performance.now() + restPerWork * (performance.now() - from);
  }

  #completeTerms(): void {
    if (readState(this.#db)?.stale_terms !== 1) return;
    this.#db
      .transaction(() => {
        refreshTerms(this.#db);
        this.#db.prepare('UPDATE state SET stale_terms = 0').run();
      })
      .immediate();
  }
}

/**
 * Rows that search_log lists for rereading. Rows above the watermark are left out, because they are read later anyway.
 */
function changedRows(messages: Db, state: IndexState, most: number) {
  const log = messages
    .prepare<[number, number], { seq: number; message_seq: number }>(
      'SELECT seq, message_seq FROM search_log WHERE seq > ? ORDER BY seq LIMIT ?',
    )
    .all(state.last_log, most);
  const seqs = [...new Set(log.map((entry) => entry.message_seq))].filter((seq) => seq <= state.last_seq);
  return { entries: log.length, last: log.at(-1)?.seq ?? state.last_log, seqs, rows: readRows(messages, seqs) };
}

/** The rows with these numbers that still exist. */
export function readRows(messages: Db, seqs: readonly number[]): SourceRow[] {
  return messages
    .prepare<[string], SourceRow>(`SELECT ${sourceColumns} WHERE m.seq IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(seqs));
}

/** Consumed entries only take space, so a lock held by another writer is no reason to wait or fail. */
function forgetLog(messages: Db, upto: number): void {
  const first = messages.prepare<[], number | null>('SELECT min(seq) FROM search_log').pluck().get();
  if (first == null || first > upto) return;
  try {
    messages.prepare('DELETE FROM search_log WHERE seq < ? AND seq <= ?').run(first + logRows, upto);
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

/** The highest `seq` a table ever had. */
function lastSeq(messages: Db, table: 'messages' | 'search_log'): number {
  return messages.prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table) ?? 0;
}

/**
 * False for the index of another messages.db, of a newer state of this one, or when this index missed changes that were
 * already dropped (it lost its last commits in a power failure, or is a copy).
 */
function belongsTo(index: Db, messages: Db): boolean {
  const state = readState(index);
  if (!state || state.store_id !== storeId(messages)) return false;
  const newestLog = lastSeq(messages, 'search_log');
  const oldestLog =
    messages.prepare<[], number | null>('SELECT min(seq) FROM search_log').pluck().get() ?? newestLog + 1;
  return (
    state.last_seq <= lastSeq(messages, 'messages') && state.last_log <= newestLog && oldestLog <= state.last_log + 1
  );
}

/** The highest numbers that an index must reach; hidden messages are not indexed. */
export function newestRows(messages: Db): { message: number; log: number } {
  const shown = 'SELECT seq FROM messages WHERE hidden_at IS NULL ORDER BY seq DESC LIMIT 1';
  return messages
    .prepare(`SELECT coalesce((${shown}), 0) AS message, coalesce((SELECT max(seq) FROM search_log), 0) AS log`)
    .get() as { message: number; log: number };
}

/** Rows that the index has still to read; gaps in the numbering count too. */
export function remaining(index: Db | undefined, messages: Db): number {
  const state = (index && readState(index)) ?? { last_seq: 0, last_log: 0 };
  const newest = newestRows(messages);
  return Math.max(0, newest.message - state.last_seq) + Math.max(0, newest.log - state.last_log);
}

/** Reads the whole file, so call it only after an error. */
function isSound(db: Db): boolean {
  return db.pragma('quick_check(1)', { simple: true }) === 'ok';
}

/** False for a damaged file or one that is not a database. */
export function isSoundFile(path: string): boolean {
  let db: Db | undefined;
  try {
    db = openQueryOnly(path);
    return isSound(db);
  } catch (error) {
    if (isCorrupt(error)) return false;
    throw error;
  } finally {
    db?.close();
  }
}

export function removeIndex(path: string): void {
  for (const suffix of ['-wal', '-shm', '']) rmSync(path + suffix, { force: true });
}

function openSound(path: string): Db {
  try {
    const db = openWriter(path, searchOwner);
    try {
      readState(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    removeIndex(path);
    return openWriter(path);
  }
}
