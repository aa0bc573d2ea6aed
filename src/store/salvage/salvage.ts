import { setImmediate as pause } from 'node:timers/promises';
import { hasHotJournal, PageFile, UnreadableFile } from '../pages/page-file.ts';
import { type Cell, type PageSet, TreeWalker } from '../pages/tree.ts';
import { type Db, migrate } from '../sqlite/database.ts';
import { Filler, maxRowBytes, type TableReport } from './filler.ts';
import type { TableShape } from './known-schema.ts';
import { looseTrees } from './loose-trees.ts';
import { type Loss, lossesOf } from './losses.ts';
import { makeFile } from './new-file.ts';
import { assertSound, rowsAtOnce } from './restore.ts';
import { copySequence } from './sequence.ts';
import { type Orphans, rebuildParents } from './settle.ts';
import { findRoots, leastFields, type SourceRoots } from './source-roots.ts';

export interface SalvageReport {
  tables: TableReport[];
  orphans: Orphans;
  losses: Loss[];
  /** Rows from pages that no table points to. */
  looseRows: number;
  /** Pages that are missing from the file. */
  missingPages: number;
  pages: number;
  /** What the numbers above do not show. */
  notes: string[];
}

/**
 * Copies what can be read of a damaged messages.db, including its -wal, into a new file with a fresh schema. Reads the
 * damaged file as bytes and never changes it. Throws UnreadableFile when nothing can be read and an error with code
 * EEXIST when there is a file at `to`; an aborted signal stops it. Leaves no file behind in these cases.
 */
export async function salvageMessages(from: string, to: string, signal?: AbortSignal): Promise<SalvageReport> {
  const file = new PageFile(from, { guess: true });
  try {
    const notes = hasHotJournal(from)
      ? ['A change was not finished when the file was damaged; its -journal is left out.']
      : [];
    return await makeFile(to, (db) => new Salvage(file, db, signal).run(notes));
  } finally {
    file.close();
  }
}

class Salvage {
  readonly #file: PageFile;
  readonly #db: Db;
  readonly #signal: AbortSignal | undefined;
  readonly #source: SourceRoots;
  readonly #walker: TreeWalker;
  readonly #fillers = new Map<string, Filler>();
  #seen = 0;

  constructor(file: PageFile, db: Db, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#db = db;
    this.#signal = signal;
    this.#source = findRoots(file);
    this.#walker = new TreeWalker(file, { strict: false, maxRecordBytes: maxRowBytes });
  }

  async run(notes: string[]): Promise<SalvageReport> {
    const { schema } = this.#source;
    this.#db.pragma('foreign_keys = OFF');
    this.#db.exec('BEGIN');
    schema.create(this.#db);
    for (const shape of schema.tables) {
      const replaces = shape.name === 'meta';
      this.#fillers.set(shape.name, new Filler(this.#db, shape, this.#file, { replaces, takesCut: true }));
    }
    const roots = this.#trustedRoots();
    for (const shape of schema.tables) await this.#tree(shape, roots.get(shape.name)?.root);
    const given = copySequence(this.#db, this.#file, this.#walker, roots.get('sqlite_sequence')?.root);
    const losses = lossesOf(this.#db, this.#file, this.#walker, { schema, roots, given });
    const looseRows = await this.#loose();
    const orphans = rebuildParents(this.#db);
    return this.#finish(notes, { looseRows, orphans, losses: losses() });
  }

  #finish(notes: string[], found: Pick<SalvageReport, 'looseRows' | 'orphans' | 'losses'>): SalvageReport {
    const tables = [...this.#fillers.values()].map(({ report }) => report);
    if (tables.every(({ rows, table }) => rows === 0 || table === 'meta')) {
      throw new UnreadableFile('no page of it holds rows of ours that can be read');
    }
    if (this.#file.hasChanged()) throw new UnreadableFile('it was written while it was read');
    this.#db.exec('COMMIT');
    migrate(this.#db);
    assertSound(this.#db);
    if (this.#source.isGuessed) {
      notes.push(
        'Its list of tables is lost: tables were known by what their rows look like; deleted rows may have come back.',
      );
    }
    const { pageCount: pages, missingPages } = this.#file;
    return { tables, ...found, missingPages, pages, notes };
  }

  /** Accepts a guessed root only when its rows look like those of the table. */
  #trustedRoots(): SourceRoots['roots'] {
    const { roots, isGuessed } = this.#source;
    if (!isGuessed) return roots;
    const tables = this.#source.schema.tables.filter(({ name }) => roots.has(name));
    const isAsMade = tables.every((shape) => {
      const root = roots.get(shape.name)?.root ?? 0;
      return this.#walker.kindOf(root) === undefined || this.#isLike(shape, root);
    });
    return isAsMade ? roots : new Map();
  }

  #isLike({ name, hasRowid }: TableShape, root: number): boolean {
    const cells = new TreeWalker(this.#file, { strict: false, maxRecordBytes: maxRowBytes }).cells(
      root,
      hasRowid ? 'table' : 'index',
    );
    return majority(sample(cells), (cell) => this.#fillers.get(name)?.resembles(cell) === true, true);
  }

  /** Rows in place come first: damage can produce a second row with the same number. */
  async #tree({ name, hasRowid }: TableShape, root: number | undefined): Promise<void> {
    const filler = this.#fillers.get(name);
    if (root === undefined || filler === undefined) return;
    const kind = hasRowid ? 'table' : 'index';
    let misplaced = 0;
    for (const cell of this.#walker.cells(root, kind)) {
      if (cell.isInPlace) filler.add(cell);
      else misplaced++;
      await this.#breathe();
    }
    if (misplaced === 0) return;
    const again = new TreeWalker(this.#file, { strict: false, maxRecordBytes: maxRowBytes });
    for (const cell of again.cells(root, kind)) {
      if (!cell.isInPlace) filler.addIfFree(cell);
      await this.#breathe();
    }
  }

  /** Reads pages that no intact page points to. */
  async #loose(): Promise<number> {
    const least = leastFields(this.#source.version);
    const free: PageSet = this.#walker.freePages();
    let rows = 0;
    for (const { root, kind } of looseTrees(this.#file, this.#walker, free)) {
      const probe = new TreeWalker(this.#file, { strict: false, maxRecordBytes: maxRowBytes });
      const cells = sample(probe.cells(root, kind));
      const alike = this.#source.schema.tables.filter(
        ({ name, hasRowid }) =>
          hasRowid === (kind === 'table') &&
          majority(cells, (cell) => this.#fillers.get(name)?.resembles(cell, least.get(name)) === true, false),
      );
      const filler = this.#fillers.get(alike[0]?.name ?? '');
      if (alike.length !== 1 || filler === undefined) continue;
      const before = filler.report.rows;
      for (const cell of this.#walker.cells(root, kind)) {
        if (filler.resembles(cell, least.get(filler.report.table))) filler.addIfFree(cell);
        await this.#breathe();
      }
      rows += filler.report.rows - before;
    }
    return rows;
  }

  async #breathe(): Promise<void> {
    if (++this.#seen % rowsAtOnce !== 0) return;
    await pause();
    this.#signal?.throwIfAborted();
  }
}

const sampleSize = 20;

function sample(cells: Generator<Cell>): Cell[] {
  const found: Cell[] = [];
  for (const cell of cells) if (found.push(cell) >= sampleSize) break;
  return found;
}

const majority = (cells: readonly Cell[], test: (cell: Cell) => boolean, whenEmpty: boolean): boolean =>
  cells.length === 0 ? whenEmpty : cells.filter(test).length * 2 > cells.length;
