import type { PageFile } from '../pages/page-file.ts';
import { fieldsOf } from '../pages/record.ts';
import type { TreeWalker } from '../pages/tree.ts';
import type { Db } from '../sqlite/database.ts';

/** Leaves SQLite enough numbers. */
const maxSequence = 2 ** 52;

/**
 * Ensures that no row number is used twice: sqlite_sequence holds the last ones. Returns them by table, except those on
 * an unreadable page.
 */
export function copySequence(
  db: Db,
  file: PageFile,
  walker: TreeWalker,
  root: number | undefined,
): Record<string, number> {
  const given: Record<string, number> = {};
  if (root === undefined) return given;
  const ours = new Set(
    db
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'`)
      .pluck()
      .all(),
  );
  const raise = db.prepare('UPDATE sqlite_sequence SET seq = max(seq, @seq) WHERE name = @name');
  const insert = db.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (@name, @seq)');
  for (const { payload, total } of walker.cells(root, 'table')) {
    const [name, seq] = fieldsOf(payload, total, file.encoding, 2)?.values ?? [];
    if (typeof name !== 'string' || !ours.has(name) || typeof seq !== 'number') continue;
    if (!Number.isInteger(seq) || seq < 1 || seq > maxSequence) continue;
    given[name] = seq;
    if (raise.run({ name, seq }).changes === 0) insert.run({ name, seq });
  }
  return given;
}
