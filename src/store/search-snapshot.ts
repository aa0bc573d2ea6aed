import { type Db, isCorrupt, openInMemory, openQueryOnly } from './database.ts';
import { addDocuments, type SourceRow, sourceColumns } from './search-documents.ts';
import { fileId, isSoundFile, newestRows, readRows, removeIndex } from './search-index.ts';
import { createIndexTables, type IndexState, readState, storeId } from './search-schema.ts';
import { refreshTerms, TermList } from './search-terms.ts';

/** More rows than this are not read at the moment of a question; the answer then says that it is not complete. */
const mostTailRows = 2000;

/** One of the two places that answer a search: search.db, or the rows it has not read yet. */
export interface Shelf {
  db: Db;
  terms: TermList;
  spill: number;
  /** Messages that changed since and are answered for by the other shelf. */
  skip: ReadonlySet<number>;
}

/** messages.db and search.db as they were at one moment. */
export interface Snapshot {
  index: Shelf | null;
  tail: Shelf | null;
  /** The rows in the tail. */
  rows: readonly SourceRow[];
  /** False when too many rows wait for the index to be looked at. */
  complete: boolean;
}

interface OpenIndex {
  db: Db;
  fileId: number;
  /** Which building of the index the terms are of. */
  build: string;
  terms: TermList;
}

const nothing: ReadonlySet<number> = new Set();
const unread = { last_seq: 0, last_log: 0, spill: 0 };

/** The read side of search.db. It lives with a missing, damaged or replaced file: then everything is unread. */
export class SearchFile {
  readonly #path: string;
  readonly #messages: Db;
  #index: OpenIndex | undefined;
  #tail: { key: string; shelf: Shelf } | undefined;

  constructor(path: string, messages: Db) {
    this.#path = path;
    this.#messages = messages;
  }

  /** Runs `read` over one moment of both files; once more without the index when that turns out to be damaged. */
  read<T>(read: (snapshot: Snapshot) => T): T {
    try {
      return this.#read(read);
    } catch (error) {
      this.#closeIndex();
      if (!isCorrupt(error) || isSoundFile(this.#path)) throw error;
      // A cache: deleting it tells the worker, too, to build it again.
      removeIndex(this.#path);
      return this.#read(read);
    }
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

  #openIndex(): OpenIndex | undefined {
    const id = fileId(this.#path);
    if (this.#index?.fileId !== id) this.#closeIndex();
    if (id === -1) return undefined;
    this.#index ??= { db: openQueryOnly(this.#path), fileId: id, build: '', terms: new TermList() };
    return this.#index;
  }

  /** The state of the index when it is one of this messages.db. */
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
      tail: tail.rows.length > 0 ? this.#shelve(tail.key, tail.rows) : null,
      rows: tail.rows,
      complete: tail.complete,
    };
  }

  #unindexedRows(state: Pick<IndexState, 'last_seq' | 'last_log'>) {
    const newest = newestRows(this.#messages);
    const key = [state.last_seq, state.last_log, newest.message, newest.log].join(' ');
    if (newest.message <= state.last_seq && newest.log <= state.last_log) {
      return { key, rows: [], changed: nothing, complete: true };
    }
    const changed = this.#messages
      .prepare<[number, number, number], number>(
        'SELECT DISTINCT message_seq FROM search_log WHERE seq > ? AND message_seq <= ? LIMIT ?',
      )
      .pluck()
      .all(state.last_log, state.last_seq, mostTailRows + 1);
    const added = this.#messages
      .prepare<[number, number], SourceRow>(`SELECT ${sourceColumns} WHERE m.seq > ? ORDER BY m.seq LIMIT ?`)
      .all(state.last_seq, mostTailRows + 1);
    if (changed.length + added.length > mostTailRows) return { key, rows: [], changed: nothing, complete: false };
    return { key, rows: [...readRows(this.#messages, changed), ...added], changed: new Set(changed), complete: true };
  }

  /** The same index in memory over the rows that the file does not have, so that both answer alike. */
  #shelve(key: string, rows: readonly SourceRow[]): Shelf {
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
