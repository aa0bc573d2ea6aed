import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openIndex } from '../../../src/store/search/indexer.ts';
import { openQueryOnly } from '../../../src/store/sqlite/database.ts';
import type { MessagesDb } from './messages-db.ts';

/** All facts in the index, read from the file itself. */
export function indexContents(path: string) {
  const index = openQueryOnly(path);
  const all = (sql: string) => index.prepare(sql).all();
  const result = {
    docs: all('SELECT seq, timestamp, chat_id, type FROM docs ORDER BY seq'),
    counts: all('SELECT * FROM counts'),
    terms: all('SELECT term FROM terms ORDER BY term'),
    words: all("SELECT term, doc FROM vocabulary WHERE col = 'text' ORDER BY term"),
    keys: all("SELECT term, doc FROM vocabulary WHERE col = 'k' ORDER BY term"),
  };
  index.close();
  return result;
}

/** The same for a new index of the current rows. */
export function contentsFromScratch(db: MessagesDb) {
  const path = join(db.folder, 'scratch.db');
  const index = openIndex(path);
  index.indexNew(db.db);
  index.close();
  const result = indexContents(path);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  return result;
}
