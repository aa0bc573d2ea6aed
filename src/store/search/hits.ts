import type { Db } from '../sqlite/database.ts';
import { firstDocid } from './documents.ts';

/** A found message and its place in the results: newest first; within a second, the one stored last first. */
export interface Hit {
  seq: number;
  timestamp: number;
}

export const byNewest = (a: Hit, b: Hit): number => b.timestamp - a.timestamp || b.seq - a.seq;

/** Seconds since 1970; `after` inclusive, `before` exclusive. */
export interface Range {
  after?: number | undefined;
  before?: number | undefined;
}

const docidRange = ({ after, before }: Range, spill: number): [number, number] => [
  after === undefined ? Number.MIN_SAFE_INTEGER : firstDocid(after),
  before === undefined ? Number.MAX_SAFE_INTEGER : firstDocid(before + spill) - 1,
];

// better-sqlite3 binds a JavaScript number as a real, and FTS5 ignores a limit that is not an integer: hence the casts
// below.

/** The newest `wanted` matching documents after `from`, without those in `skip`. */
export function findHits(
  index: Db,
  match: string,
  range: Range,
  { from, wanted, spill, skip }: { from?: Hit | undefined; wanted: number; spill: number; skip: ReadonlySet<number> },
): Hit[] {
  const before = Math.min(
    range.before ?? Number.POSITIVE_INFINITY,
    from ? from.timestamp + 1 : Number.POSITIVE_INFINITY,
  );
  const [low, high] = docidRange({ after: range.after, before: Number.isFinite(before) ? before : undefined }, spill);
  const rows = index
    .prepare<[string, number, number], Hit>(
      `SELECT d.seq, d.timestamp FROM entries e CROSS JOIN docs d ON d.docid = e.rowid
       WHERE e.entries MATCH ? AND e.rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER) ORDER BY e.rowid DESC`,
    )
    .iterate(match, low, high);
  const hits: Hit[] = [];
  let oldest = Number.POSITIVE_INFINITY;
  for (const hit of rows) {
    // Documents of one second are not in order, and a full second overflows: read on until no later document can rank
    // higher.
    if (hits.length >= wanted && hit.timestamp + spill < oldest) break;
    if (hit.timestamp < (range.after ?? hit.timestamp) || hit.timestamp >= before) continue;
    if (skip.has(hit.seq) || (from && byNewest(hit, from) <= 0)) continue;
    if (hits.length < wanted) oldest = Math.min(oldest, hit.timestamp);
    hits.push(hit);
  }
  return hits.sort(byNewest).slice(0, wanted);
}

/** The number of matching documents, counted up to `most`. */
export function countHits(
  index: Db,
  match: string,
  range: Range,
  { most, spill, skip }: { most: number; spill: number; skip: ReadonlySet<number> },
): number {
  const [low, high] = docidRange(range, spill);
  const exact = spill > 0 && (range.after !== undefined || range.before !== undefined);
  const checks = exact || skip.size > 0;
  const sql = `SELECT count(*) FROM (
    SELECT 1 FROM entries e ${checks ? 'CROSS JOIN docs d ON d.docid = e.rowid' : ''}
    WHERE e.entries MATCH @match AND e.rowid BETWEEN CAST(@low AS INTEGER) AND CAST(@high AS INTEGER)
    ${checks ? 'AND d.timestamp >= @after AND d.timestamp < @before' : ''}
    ${skip.size > 0 ? 'AND d.seq NOT IN (SELECT value FROM json_each(@skip))' : ''} LIMIT @most)`;
  return index
    .prepare<[Record<string, unknown>], number>(sql)
    .pluck()
    .get({
      match,
      low,
      high,
      after: range.after ?? Number.MIN_SAFE_INTEGER,
      before: range.before ?? Number.MAX_SAFE_INTEGER,
      skip: JSON.stringify([...skip]),
      most,
    }) as number;
}
