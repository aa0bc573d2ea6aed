import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSidecars } from '../../../src/store/sqlite/backup.ts';
import { contentsFromScratch, indexContents } from '../../support/rows/index-contents.ts';
import { MessagesDb } from '../../support/rows/messages-db.ts';

const rare = 'zyxwvpeculiar';
let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  const chat = db.chat('120363000000000001@g.us', { name: 'Family' });
  db.db.transaction(() => {
    for (let n = 0; n < 600; n++) db.message(chat, { content: `message number${n} about topic${n % 50}` });
    db.message(chat, { content: `the ${rare} word`, id: 'RARE' });
  })();
  db.index.indexNew(db.db);
});
afterEach(() => db.close());

/** Which files have the word, with what was written put in its place. */
function filesWith(word: string): string[] {
  db.db.pragma('wal_checkpoint(TRUNCATE)');
  return [db.paths.messages, db.paths.search]
    .flatMap(withSidecars)
    .filter((path) => existsSync(path) && readFileSync(path).includes(word));
}

test.each([
  ['taken back', "UPDATE messages SET type = 'revoked', content = '' WHERE id = 'RARE'"],
  ['deleted', "DELETE FROM messages WHERE id = 'RARE'"],
])('the words of a message that was %s are in no file any more', (_, sql) => {
  expect(filesWith(rare)).not.toEqual([]);
  db.db.pragma('secure_delete = ON');
  db.db.exec(sql);
  expect(db.index.indexNew(db.db)).toBe(0);
  db.index.close();
  expect(filesWith(rare)).toEqual([]);
  expect(indexContents(db.paths.search)).toEqual(contentsFromScratch(db));
});

test('an index that is in a hurry keeps them until it has time', () => {
  db.db.exec("UPDATE messages SET type = 'revoked', content = '' WHERE id = 'RARE'");
  expect(db.index.indexNew(db.db, { deadline: Date.now() + 60_000 })).toBe(0);
  const state = () => indexContents(db.paths.search);
  const before = JSON.stringify(state());
  expect(before).toContain(rare);
  db.index.indexNew(db.db);
  expect(JSON.stringify(state())).not.toContain(rare);
});
