import type { Db } from '../sqlite/database.ts';
import type { SourceRow } from './documents.ts';

/** Whether a document of one of these messages has words that the message, which is read anew, no longer shows. */
export function hasTakenBack(db: Db, seqs: readonly number[], rows: readonly SourceRow[]): boolean {
  const shown = new Set(rows.filter(({ type }) => type !== 'revoked').map(({ seq }) => seq));
  const indexed = db.prepare("SELECT 1 FROM docs WHERE seq = ? AND type <> 'revoked'");
  return seqs.some((seq) => !shown.has(seq) && indexed.get(seq) !== undefined);
}

/**
 * Removes the words of documents that were deleted; call inside a transaction. FTS5 only marks a document of such an index
 * as deleted, since it no longer knows the text (so `secure-delete` does nothing): the words go when segments are merged.
 */
export function forgetWords(db: Db): void {
  db.exec("INSERT INTO entries (entries) VALUES ('optimize')");
  db.exec("DELETE FROM terms WHERE term NOT IN (SELECT term FROM vocabulary WHERE col = 'text')");
  db.exec('UPDATE state SET taken_back = 0');
}
