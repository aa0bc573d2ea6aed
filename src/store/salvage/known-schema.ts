import { readFileSync } from 'node:fs';
import { authSchema } from '../auth.ts';
import type { SchemaRow } from '../pages/schema-rows.ts';
import { type Db, migrationsFolder, openInMemory, readMigrations } from '../sqlite/database.ts';

export interface Column {
  name: string;
  type: string;
  isRequired: boolean;
}

/** A table of ours, as the file stores its rows. */
export interface TableShape {
  name: string;
  /** In the order of a record. */
  columns: Column[];
  /**
   * The index of the column that is an alias of the row number, which the record leaves out; null where there is none.
   */
  rowid: number | null;
  hasRowid: boolean;
}

export interface KnownSchema {
  /** Creates the schema in an empty database. */
  create(db: Db): void;
  objects: SchemaRow[];
  tables: TableShape[];
}

/** The schema of messages.db at a version that this program knows. */
export function messagesSchema(version: number): KnownSchema {
  const scripts = readMigrations(migrationsFolder())
    .filter((one) => one.version <= version)
    .map(({ path }) => readFileSync(path, 'utf8'));
  return describe((db) => {
    for (const script of scripts) db.exec(script);
    db.pragma(`user_version = ${version}`);
  });
}

/** The schema of auth.db. */
export function credentialsSchema(): KnownSchema {
  return describe((db) => void db.exec(authSchema));
}

function describe(create: (db: Db) => void): KnownSchema {
  const db = openInMemory();
  try {
    create(db);
    const objects = db
      .prepare<[], SchemaRow>('SELECT type, name, tbl_name AS "table", rootpage AS root, sql FROM sqlite_schema')
      .all();
    const tables = objects.filter(({ type, name }) => type === 'table' && !name.startsWith('sqlite_'));
    return { create, objects, tables: tables.map(({ name }) => shapeOf(db, name)) };
  } finally {
    db.close();
  }
}

function shapeOf(db: Db, name: string): TableShape {
  const { wr } = db.prepare('SELECT wr FROM pragma_table_list WHERE name = ?').get(name) as { wr: number };
  const rows = db.prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?)').all(name) as {
    name: string;
    type: string;
    notnull: number;
    pk: number;
  }[];
  // A table without row numbers stores its key first.
  const keys = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const ordered = wr === 1 ? [...keys, ...rows.filter(({ pk }) => pk === 0)] : rows;
  const [key] = keys;
  const rowid = wr === 0 && keys.length === 1 && key?.type === 'INTEGER' ? ordered.indexOf(key) : null;
  return {
    name,
    columns: ordered.map((row) => ({ name: row.name, type: row.type, isRequired: row.notnull === 1 || row.pk > 0 })),
    rowid,
    hasRowid: wr === 0,
  };
}

/** A statement without insignificant parts: comments, and white space outside of quotes. */
export function plainSql(sql: string): string {
  return sql
    .replace(/('(?:[^']|'')*'|"(?:[^"]|"")*")|--[^\n]*|\/\*[\s\S]*?\*\/|\s+/g, (_, quoted?: string) => quoted ?? ' ')
    .replace(/ +/g, ' ')
    .replace(/ ?([(),;]) ?/g, '$1')
    .trim();
}

/** Statistics tables, which SQLite may create and never executes. */
const statistics = /^sqlite_stat[14]$/;

const keyOf = ({ type, name }: Pick<SchemaRow, 'type' | 'name'>): string => `${type} ${name}`.toLowerCase();

export interface SchemaDifference {
  /** Names of our objects that are missing. */
  missing: string[];
  /** Names of our objects that have another form. */
  changed: string[];
  /** The first foreign objects, and how many there are. */
  extra: string[];
  extraCount: number;
  /** Where each of our intact objects begins. */
  roots: Map<string, SchemaRow>;
}

const maxNamed = 5;

/** Compares a file's schema with what the migrations create. Keeps only our own objects in memory. */
export function compareSchema(rows: Iterable<SchemaRow>, { objects }: KnownSchema): SchemaDifference {
  const ours = new Map(objects.map((object) => [keyOf(object), object]));
  const seen = new Set<string>();
  const difference: SchemaDifference = { missing: [], changed: [], extra: [], extraCount: 0, roots: new Map() };
  const changed = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    const object = ours.get(key);
    if (object === undefined) {
      if (row.type === 'table' && statistics.test(row.name)) continue;
      difference.extraCount++;
      if (difference.extra.length < maxNamed) difference.extra.push(shown(row));
      continue;
    }
    const isSame = !seen.has(key) && row.table === object.table && sameSql(row.sql, object.sql);
    if (isSame) difference.roots.set(row.name, row);
    else {
      changed.add(`${object.type} ${object.name}`);
      difference.roots.delete(object.name);
    }
    seen.add(key);
  }
  difference.changed = [...changed];
  // SQLite creates this table only when it is needed.
  const missing = objects.filter((object) => !seen.has(keyOf(object)) && object.name !== 'sqlite_sequence');
  difference.missing = missing.map(({ type, name }) => `${type} ${name}`);
  return difference;
}

const sameSql = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : a === b || plainSql(a) === plainSql(b);

/** A foreign name, shortened to fit on a line and stripped of terminal control characters. */
function shown({ type, name }: SchemaRow): string {
  const kind = ['table', 'index', 'view', 'trigger'].includes(type) ? type : 'object';
  const plain = name.replace(/[^\w.-]/g, '?');
  return `${kind} ${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}`;
}
