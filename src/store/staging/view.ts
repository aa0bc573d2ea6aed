import { statSync } from 'node:fs';
import { refuseForeign } from '../files/owner.ts';
import { openReadable, type Readable } from '../sqlite/readable.ts';
import { bringUpToDate, isUpToDate, openStaging, type Staging, stagingOwner } from './staging.ts';

/** staging.db for reading. */
export type StagingView = Pick<Staging, 'db' | 'readMeta'>;

/** staging.db for readers: opened at the first use, never created, and reopened when it was replaced. */
export class StagingFile {
  readonly #path: string;
  #open: { file: Readable; view: StagingView } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined while there is no file. Throws `store_unavailable`, `schema_mismatch` or SqliteError. */
  view(): StagingView | undefined {
    if (this.#open?.file.isStale()) this.close();
    if (this.#open) return this.#open.view;
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) return undefined;
    const file = openCurrent(this.#path);
    const read = file.db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck();
    this.#open = { file, view: { db: file.db, readMeta: (key) => read.get(key) } };
    return this.#open.view;
  }

  close(): void {
    this.#open?.file.db.close();
    this.#open = undefined;
  }
}

/** Opens the file in the current schema: upgrades an older file, or only the copy in memory where a copy is read. */
function openCurrent(path: string): Readable {
  const file = openReadable(path);
  try {
    refuseForeign(file.db, path, stagingOwner);
    if (isUpToDate(file.db)) return file;
    if (file.isCopy) {
      bringUpToDate(file.db);
      return file;
    }
    file.db.close();
    openStaging(path).close();
    return openReadable(path);
  } catch (error) {
    file.db.close();
    throw error;
  }
}
