import { asStoreFailure, storeFailure } from '../files/failure.ts';
import { refuseForeign, searchOwner } from '../files/owner.ts';
import { noticeOf, type StoreNotice } from '../reader.ts';
import { type Db, fileId, isBusy, isCorrupt, openInMemory } from '../sqlite/database.ts';
import { openReadable } from '../sqlite/readable.ts';
import { addDocuments, type SourceRow, sourceColumns } from './documents.ts';
import { isSoundFile, newestRows, readRows, removeIndex } from './indexer.ts';
import { createIndexTables, type IndexState, readState, storeId } from './schema.ts';
import { refreshTerms, TermList } from './terms.ts';

/** The maximum number of unindexed rows that a query reads; beyond it, the answer is marked as incomplete. */
const maxTailRows = 2000;
/**
 * The number of newest rows that are searched in memory where search.db cannot be used; preparing them takes about a
 * second.
 */
const maxScannedRows = 20_000;

/** One of the two places that a search reads: search.db, or the rows that it has not read yet. */
export interface SearchSource {
  db: Db;
  terms: TermList;
  spill: number;
  /** Messages that changed since then and that the other source answers for. */
  skip: ReadonlySet<number>;
}

/** messages.db and search.db as they were at one moment. */
export interface Snapshot {
  index: SearchSource | null;
  tail: SearchSource | null;
  /** The rows in the tail. */
  rows: readonly SourceRow[];
  /** False when too many unindexed rows wait to be read. */
  complete: boolean;
}

interface OpenIndex {
  db: Db;
  fileId: number;
  /** The build of the index that the terms belong to. */
  build: string;
  terms: TermList;
}

const nothing: ReadonlySet<number> = new Set();
const unread = { last_seq: 0, last_log: 0, spill: 0 };

/**
 * The read side of search.db. Copes with a missing, damaged or replaced file: all rows then count as unindexed. Where
 * the file can neither be read nor created, it searches the newest rows directly.
 */
export class SearchIndexReader {
  readonly #path: string;
  readonly #messages: Db;
  #index: OpenIndex | undefined;
  #tail: { key: string; shelf: SearchSource } | undefined;
  /** Why this version of search.db cannot be read. */
  #unusable: { reason: StoreNotice; fileId: number } | undefined;
  /** Why search.db lacks rows. */
  #missingReason: StoreNotice | undefined;

  constructor(path: string, messages: Db) {
    this.#path = path;
    this.#messages = messages;
  }

  /** Runs `read` on one consistent state of both files; retries without the index when that is damaged. */
  read<T>(read: (snapshot: Snapshot) => T): T {
    try {
      return this.#read(read);
    } catch (error) {
      this.#closeIndex();
      if (!isCorrupt(error) || isSoundFile(this.#path)) throw error;
      this.#discard();
      return this.#read(read);
    }
  }

  /** See MessageReader. */
  searchWithout(reason: StoreNotice): void {
    this.#missingReason = reason;
  }

  notice(): StoreNotice | null {
    const reason = this.#unusable?.reason ?? this.#missingReason;
    if (!reason) return null;
    const message = `${reason.message} The newest ${maxScannedRows.toLocaleString('en')} messages are searched without it.`;
    return { message, next_step: reason.next_step };
  }

  #read<T>(read: (snapshot: Snapshot) => T): T {
    return this.#messages.transaction(() => {
      const index = this.#openIndex();
      if (!index) return read(this.#snapshot(undefined, unread));
      return index.db.transaction(() => {
        const state = this.#usable(index);
        return read(state ? this.#snapshot(index, state) : this.#snapshot(undefined, unread));
      })();
    })();
  }

  close(): void {
    this.#closeIndex();
    this.#tail?.shelf.db.close();
    this.#tail = undefined;
  }

  #closeIndex(): void {
    this.#index?.db.close();
    this.#index = undefined;
  }

  /** Deletes the cache, so that the worker rebuilds it. Where deleting is not allowed, leaves it. */
  #discard(): void {
    try {
      removeIndex(this.#path);
    } catch {
      this.#giveUp(storeFailure('damaged', this.#path));
    }
  }

  #giveUp(error: unknown): void {
    const failure = asStoreFailure(error, this.#path);
    if (!failure) throw error;
    this.#unusable = { reason: noticeOf(failure), fileId: fileId(this.#path) };
  }

  #openIndex(): OpenIndex | undefined {
    const id = fileId(this.#path);
    if (this.#index?.fileId !== id) this.#closeIndex();
    if (this.#unusable?.fileId === id) return undefined;
    this.#unusable = undefined;
    if (id === -1) return undefined;
    this.#index ??= this.#opened(id);
    return this.#index;
  }

  /** Throws for damage, which is handled differently from a file that may not be read. */
  #opened(id: number): OpenIndex | undefined {
    try {
      const { db } = openReadable(this.#path);
      try {
        refuseForeign(db, this.#path, searchOwner);
        return { db, fileId: id, build: '', terms: new TermList() };
      } catch (error) {
        db.close();
        throw error;
      }
    } catch (error) {
      if (isCorrupt(error) || isBusy(error)) throw error;
      this.#giveUp(error);
      return undefined;
    }
  }

  /** The state of the index when it belongs to this messages.db. */
  #usable(index: OpenIndex): IndexState | undefined {
    const state = readState(index.db);
    if (!state || state.store_id !== storeId(this.#messages)) return undefined;
    if (index.build !== state.build) index.terms = new TermList();
    index.build = state.build;
    index.terms.load(index.db);
    return state;
  }

  #snapshot(index: OpenIndex | undefined, state: Pick<IndexState, 'last_seq' | 'last_log' | 'spill'>): Snapshot {
    const tail = this.#unindexedRows(state);
    return {
      index: index ? { db: index.db, terms: index.terms, spill: state.spill, skip: tail.changed } : null,
      tail: tail.rows.length > 0 ? this.#indexInMemory(tail.key, tail.rows) : null,
      rows: tail.rows,
      complete: tail.complete,
    };
  }

  #unindexedRows(state: Pick<IndexState, 'last_seq' | 'last_log'>) {
    const newest = newestRows(this.#messages);
    const most = this.#unusable || this.#missingReason ? maxScannedRows : maxTailRows;
    const key = [state.last_seq, state.last_log, newest.message, newest.log, most].join(' ');
    if (newest.message <= state.last_seq && newest.log <= state.last_log) {
      this.#missingReason = undefined; // the index is complete again
      return { key, rows: [], changed: nothing, complete: true };
    }
    const changed = this.#messages
      .prepare<[number, number, number], number>(
        'SELECT DISTINCT message_seq FROM search_log WHERE seq > ? AND message_seq <= ? LIMIT ?',
      )
      .pluck()
      .all(state.last_log, state.last_seq, most + 1);
    const added = this.#messages
      .prepare<[number, number], SourceRow>(`SELECT ${sourceColumns} WHERE m.seq > ? ORDER BY m.seq DESC LIMIT ?`)
      .all(state.last_seq, most + 1)
      .reverse();
    const complete = changed.length + added.length <= most;
    if (complete)
      return { key, rows: [...readRows(this.#messages, changed), ...added], changed: new Set(changed), complete };
    return { key, rows: most === maxScannedRows ? added.slice(-most) : [], changed: nothing, complete };
  }

  /** Builds the same index in memory over the rows that the file lacks, so that both match alike. */
  #indexInMemory(key: string, rows: readonly SourceRow[]): SearchSource {
    if (this.#tail?.key === key) return this.#tail.shelf;
    this.#tail?.shelf.db.close();
    const db = openInMemory();
    createIndexTables(db, '');
    const terms = new TermList();
    const spill = db.transaction(() => {
      const seconds = addDocuments(db, rows);
      refreshTerms(db);
      return seconds;
    })();
    terms.load(db);
    const shelf = { db, terms, spill, skip: nothing };
    this.#tail = { key, shelf };
    return shelf;
  }
}
