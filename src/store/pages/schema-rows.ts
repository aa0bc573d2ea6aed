import type { PageFile } from './page-file.ts';
import { fieldsOf } from './record.ts';
import type { TreeWalker } from './tree.ts';

/** A table, index, view or trigger, as a file has it written down. */
export interface SchemaRow {
  type: string;
  name: string;
  table: string;
  /** 0 for what has no pages: views, triggers, virtual tables. */
  root: number;
  /** Null for what SQLite makes by itself, and for what is longer than any text of ours. */
  sql: string | null;
}

/** Longer than any of our own; a longer one is not read to its end. */
export const longestSql = 64 * 1024;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads the schema of a file as rows, without SQLite taking it up: there may be a million of them. */
export function* schemaRows(file: PageFile, walker: TreeWalker): Generator<SchemaRow> {
  for (const { payload, total } of walker.cells(1, 'table')) {
    const fields = fieldsOf(payload, total, file.encoding, 5);
    if (fields === undefined) continue;
    const [type, name, table, root, sql] = fields.values;
    const isWhole = fields.cutAt === null && typeof sql === 'string' && sql.length <= longestSql;
    yield {
      type: text(type),
      name: text(name),
      table: text(table),
      root: typeof root === 'number' ? root : 0,
      sql: isWhole ? sql : null,
    };
  }
}
