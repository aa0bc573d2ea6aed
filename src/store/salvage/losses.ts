import type { PageFile } from '../pages/page-file.ts';
import { fieldsOf } from '../pages/record.ts';
import type { SchemaRow } from '../pages/schema-rows.ts';
import type { TreeWalker } from '../pages/tree.ts';
import type { Db } from '../sqlite/database.ts';
import type { KnownSchema } from './known-schema.ts';

/** What is known to be missing from one table. */
export interface Loss {
  table: string;
  /** Rows that an index names and that were not found. */
  named: number;
  /** Their numbers as ranges, from and to; the first ranges only. */
  ranges: [number, number][];
  /** The highest row number ever used; null where none is kept. Only this shows lost rows that no index names. */
  lastNumber: number | null;
}

interface Known {
  schema: KnownSchema;
  roots: ReadonlyMap<string, SchemaRow>;
  given: Record<string, number>;
}

const maxRanges = 10;

/** Walks the indexes, and reports what is missing once all rows found are in the new file. */
export function lossesOf(db: Db, file: PageFile, walker: TreeWalker, { schema, roots, given }: Known): () => Loss[] {
  db.exec('CREATE TEMP TABLE named (name TEXT, seq INTEGER, PRIMARY KEY (name, seq)) WITHOUT ROWID');
  const note = db.prepare('INSERT OR IGNORE INTO temp.named VALUES (?, ?)');
  const numbered = schema.tables.filter(({ hasRowid }) => hasRowid);
  const tables = new Map(
    numbered.map(({ name }) => [name, db.prepare(`SELECT 1 FROM main."${name}" WHERE rowid = ?`)]),
  );
  for (const { type, table, root } of roots.values()) {
    if (type !== 'index') continue;
    const find = tables.get(table);
    for (const { payload, total } of walker.cells(root, 'index')) {
      const fields = find && fieldsOf(payload, total, file.encoding, 20);
      const seq = fields?.cutAt === null ? fields.values.at(-1) : undefined;
      if (typeof seq === 'number' && seq >= 1 && find?.get(seq) === undefined) note.run(table, seq);
    }
  }
  return () => {
    const losses = numbered.map(({ name }) => lossOf(db, name, given[name] ?? null));
    db.exec('DROP TABLE temp.named');
    return losses;
  };
}

function lossOf(db: Db, table: string, lastNumber: number | null): Loss {
  const ranges: [number, number][] = [];
  let named = 0;
  const missing = db
    .prepare<[string], number>(
      `SELECT seq FROM temp.named WHERE name = ? AND seq NOT IN (SELECT rowid FROM main."${table}") ORDER BY seq`,
    )
    .pluck();
  for (const seq of missing.iterate(table)) {
    named++;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === seq - 1) last[1] = seq;
    else if (ranges.length < maxRanges) ranges.push([seq, seq]);
  }
  return { table, named, ranges, lastNumber };
}
