import type { PageFile } from './page-file.ts';
import { fieldsOf } from './record.ts';
import type { TreeWalker } from './tree.ts';

/** A table, index, view or trigger, as the file's schema lists it. */
export interface SchemaRow {
  type: string;
  name: string;
  table: string;
  /** 0 for entries without pages: views, triggers, virtual tables. */
  root: number;
  /** Null for objects that SQLite creates itself, and for text longer than `longestSql`. */
  sql: string | null;
}

/** Longer than any of our statements; longer text is not read to its end. */
export const maxSqlBytes = 64 * 1024;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads a file's schema as rows without loading it into SQLite, because there may be a million rows. */
export function* schemaRows(file: PageFile, walker: TreeWalker): Generator<SchemaRow> {
  for (const { payload, total } of walker.cells(1, 'table')) {
    const fields = fieldsOf(payload, total, file.encoding, 5);
    if (fields === undefined) continue;
    const [type, name, table, root, sql] = fields.values;
    const isWhole = fields.cutAt === null && typeof sql === 'string' && sql.length <= maxSqlBytes;
    yield {
      type: text(type),
      name: text(name),
      table: text(table),
      root: typeof root === 'number' ? root : 0,
      sql: isWhole ? sql : null,
    };
  }
}
