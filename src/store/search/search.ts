import { byNewest, countHits, findHits, type Hit, type Range } from './hits.ts';
import { type Filters, matchExpression } from './match-expression.ts';
import { queryTerms } from './query-terms.ts';
import type { Snapshot } from './snapshot.ts';

/** The highest exact total; counting up to it takes half a millisecond. */
const maxCounted = 10_000;

export interface SearchRequest {
  /** Words to find; undefined to use filters only. */
  content?: string | undefined;
  filters: Filters;
  range: Range;
  /** Results start after this place. */
  from?: Hit | undefined;
  /** The maximum number of results, newest first. */
  wanted: number;
}

export interface SearchResult {
  hits: Hit[];
  /** For the whole search, regardless of the page; a lower bound unless `exact`. */
  total: number;
  exact: boolean;
}

/** Finds messages in the index and among the rows that it has not read yet, newest first. */
export function search(snapshot: Snapshot, request: SearchRequest): SearchResult {
  const terms = request.content === undefined ? [] : queryTerms(request.content);
  if (request.content !== undefined && terms.length === 0) return { hits: [], total: 0, exact: true };
  let hits: Hit[] = [];
  let total = 0;
  let exact = snapshot.complete;
  for (const shelf of [snapshot.index, snapshot.tail]) {
    if (!shelf) continue;
    const { match, capped } = matchExpression(terms, request.filters, shelf.terms);
    const { spill, skip } = shelf;
    hits = [
      ...hits,
      ...findHits(shelf.db, match, request.range, { from: request.from, wanted: request.wanted, spill, skip }),
    ];
    total += countHits(shelf.db, match, request.range, { most: maxCounted + 1, spill, skip });
    exact &&= !capped;
  }
  return {
    hits: hits.sort(byNewest).slice(0, request.wanted),
    total: Math.min(total, maxCounted),
    exact: exact && total <= maxCounted,
  };
}
