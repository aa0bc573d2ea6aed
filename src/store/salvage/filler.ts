import Database, { type Statement } from 'better-sqlite3';
import type { PageFile } from '../pages/page-file.ts';
import { type Fields, fieldsOf, type Value } from '../pages/record.ts';
import type { Cell } from '../pages/tree.ts';
import type { Db } from '../sqlite/database.ts';
import type { TableShape } from './known-schema.ts';

/** Rows that were left out for one reason. */
export interface LeftOut {
  count: number;
  /** The numbers of the first rows, for tables with row numbers. */
  rowids: number[];
}

export interface TableReport {
  table: string;
  rows: number;
  /** Keyed by reason. */
  leftOut: Record<string, LeftOut>;
  /** Rows that lost a part: an attachment's data, the end of a text. */
  cut: number;
  /** Rows with invalid UTF-8 or invalid JSON. */
  mended: number;
}

/** More than any text or blob of ours. */
export const maxRowBytes = 16 * 1024 * 1024;
/** Beyond this, SQLite runs out of numbers for new rows, and JavaScript of digits. */
const maxRowid = 2 ** 52;
const maxNamed = 5;

const reasons: Record<string, string> = {
  SQLITE_CONSTRAINT_NOTNULL: 'a value is missing',
  SQLITE_CONSTRAINT_CHECK: 'a value is not allowed',
  SQLITE_CONSTRAINT_UNIQUE: 'their key is taken',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'their key is taken',
  SQLITE_CONSTRAINT_ROWID: 'their key is taken',
  SQLITE_CONSTRAINT_DATATYPE: 'a value is of the wrong type',
};

/** Columns whose beginning is worth keeping. */
const cutTexts = new Set(['content', 'title']);
const jsonColumns = new Set(['details', 'merge_note']);
/** Values for the columns after a text that may be cut, where they cannot be null. */
const whenCut: Record<string, Value> = { content: '', forwarded: 0, view_once: 0, starred: 0, source: 'baileys' };

const fits: Record<string, (value: Value) => boolean> = {
  INTEGER: (value) => typeof value === 'bigint' || Number.isInteger(value),
  TEXT: (value) => typeof value === 'string',
  BLOB: (value) => Buffer.isBuffer(value),
};

/** Keys of meta that are unique to a file, so that a copy is not mistaken for its source. */
const ownMarks = new Set(['store_id']);

export interface FillOptions {
  /** Rows from the migration itself give way. */
  replaces: boolean;
  /** Accepts the remaining part of incomplete rows. */
  takesCut: boolean;
}

/** Writes the rows of one table into a new file, each complete or not at all, and counts them. */
export class Filler {
  readonly report: TableReport;
  readonly #shape: TableShape;
  readonly #options: FillOptions;
  readonly #file: PageFile;
  readonly #insert: Statement;
  readonly #insertIfFree: Statement;

  constructor(db: Db, shape: TableShape, file: PageFile, options: FillOptions) {
    const names = shape.columns.map(({ name }) => `"${name}"`).join(', ');
    const into = `INTO main."${shape.name}" (${names}) VALUES (${shape.columns.map(() => '?').join(', ')})`;
    this.#insert = db.prepare(`INSERT ${options.replaces ? 'OR REPLACE ' : ''}${into}`);
    this.#insertIfFree = db.prepare(`INSERT OR IGNORE ${into}`);
    this.#shape = shape;
    this.#file = file;
    this.#options = options;
    this.report = { table: shape.name, rows: 0, leftOut: {}, cut: 0, mended: 0 };
  }

  add(cell: Cell): void {
    const reason = this.#tryAdd(cell);
    if (reason === undefined) return;
    const { payload, local } = cell;
    // The part in the row's own page is worth keeping where overflow pages are damaged.
    const hasMore = this.#options.takesCut && payload.length > local;
    const own = hasMore ? this.#tryAdd({ ...cell, payload: payload.subarray(0, local) }) : reason;
    if (own !== undefined) this.#leaveOut(reason, cell);
  }

  #tryAdd(cell: Cell): string | undefined {
    const row = this.#rowOf(cell);
    if (typeof row === 'string') return row;
    if (this.#shape.name === 'meta' && ownMarks.has(String(row.values[0]))) return undefined;
    return this.#put(this.#insert, row);
  }

  /** Adds a row unless its key is taken. */
  addIfFree(cell: Cell): void {
    const row = this.#rowOf(cell);
    if (typeof row !== 'string') this.#put(this.#insertIfFree, row);
  }

  /** Whether the bytes could be a row of this table, wherever they were found; a row has at least `least` fields. */
  resembles(cell: Cell, least = 0): boolean {
    const fields = fieldsOf(cell.payload, cell.total, this.#file.encoding, this.#shape.columns.length);
    const number = this.#shape.rowid === null ? null : fields?.values[this.#shape.rowid];
    return (
      fields !== undefined && number === null && fields.values.length >= least && typeof this.#rowOf(cell) !== 'string'
    );
  }

  /** Why the row was refused; undefined when it was added. */
  #put(insert: Statement, { values, isCut, isMended }: Row): string | undefined {
    try {
      if (insert.run(...values).changes === 0) return undefined;
      this.report.rows++;
      if (isCut) this.report.cut++;
      if (isMended) this.report.mended++;
      return undefined;
    } catch (error) {
      const reason = error instanceof Database.SqliteError ? reasons[error.code] : undefined;
      if (reason === undefined) throw error;
      return reason;
    }
  }

  #leaveOut(reason: string, { rowid }: Cell): void {
    this.report.leftOut[reason] ??= { count: 0, rowids: [] };
    const group = this.report.leftOut[reason];
    group.count++;
    if (this.#shape.hasRowid && group.rowids.length < maxNamed) group.rowids.push(rowid);
  }

  /** The values of a row, or the reason why it is invalid. */
  #rowOf({ rowid, payload, total }: Cell): Row | string {
    const { columns, hasRowid, rowid: rowidColumn } = this.#shape;
    if (total > maxRowBytes) return 'they are too large';
    if (hasRowid && !(rowid >= 1 && rowid <= maxRowid)) return 'their number is out of range';
    const fields = fieldsOf(payload, total, this.#file.encoding, columns.length);
    if (fields === undefined) return 'they cannot be read';
    if (fields.cutAt !== null && !this.#options.takesCut) return 'they cannot be read';
    const { values } = fields;
    if (rowidColumn !== null) values[rowidColumn] = rowid;
    const isCut = this.#complete(fields);
    const isMended = this.#mend(values) || fields.isReplaced;
    const isFit = columns.every(({ type }, n) => values[n] === null || fits[type]?.(values[n] as Value) === true);
    if (!isFit) return 'a value is of the wrong type';
    if (columns.some(({ isRequired }, n) => isRequired && values[n] === null)) return 'a value is missing';
    return { values, isCut, isMended };
  }

  /**
   * Fills in fields that a record lacks, because a column was added later or the end of the record is lost. True for
   * the latter.
   */
  #complete({ values, cutAt }: Fields): boolean {
    const { columns } = this.#shape;
    columns.forEach(({ name }, n) => {
      values[n] ??= null;
      if (cutAt === null || n < cutAt) return;
      if (typeof values[n] === 'string' && !cutTexts.has(name)) values[n] = null;
      if (values[n] === null) values[n] = whenCut[name] ?? null;
    });
    return cutAt !== null;
  }

  /** Invalid JSON would make every later read of the row fail. */
  #mend(values: Value[]): boolean {
    let isMended = false;
    this.#shape.columns.forEach(({ name }, n) => {
      const value = values[n];
      if (typeof value !== 'string' || !jsonColumns.has(name) || isJson(value)) return;
      values[n] = null;
      isMended = true;
    });
    return isMended;
  }
}

interface Row {
  values: Value[];
  isCut: boolean;
  isMended: boolean;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
