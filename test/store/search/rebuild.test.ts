import { closeSync, copyFileSync, existsSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openIndex } from '../../../src/store/search/indexer.ts';
import { contentsFromScratch, indexContents } from '../../support/rows/index-contents.ts';
import { MessagesDb } from '../../support/rows/messages-db.ts';

let db: MessagesDb;
let chat: number;
beforeEach(() => {
  db = new MessagesDb();
  chat = db.chat('120363000000000001@g.us', { name: 'Family' });
});
afterEach(() => {
  db.close();
});

const indexAll = () => db.index.indexNew(db.db);
const found = (content: string) => db.found({ content });

const contents = (path = db.paths.search) => indexContents(path);
const fromScratch = () => contentsFromScratch(db);

function addMany(count: number): void {
  db.db.transaction(() => {
    for (let n = 0; n < count; n++) db.message(chat, { content: `message number${n} about topic${n % 50}` });
  })();
}

describe('an unusable index is rebuilt', () => {
  beforeEach(() => {
    addMany(20);
    indexAll();
  });
  const sound = () => {
    expect(indexAll()).toBe(0);
    expect(found('topic7')).toEqual(['MSG000008']);
    expect(contents()).toEqual(fromScratch());
  };

  test('when it is deleted while everything runs', () => {
    expect(found('topic7')).toHaveLength(1);
    for (const suffix of ['', '-wal', '-shm']) rmSync(db.paths.search + suffix);
    expect(found('topic7')).toHaveLength(1);
    expect(db.reader.messages.unindexed()).toBe(20);
    sound();
  });

  test('when it is not a database', () => {
    db.index.close();
    writeFileSync(db.paths.search, 'no database'.repeat(1000));
    for (const suffix of ['-wal', '-shm']) rmSync(db.paths.search + suffix, { force: true });
    expect(found('topic7')).toHaveLength(1);
    const index = openIndex(db.paths.search);
    expect(index.indexNew(db.db)).toBe(0);
    index.close();
    expect(found('topic7')).toHaveLength(1);
    expect(contents()).toEqual(fromScratch());
  });

  /** Overwrites the file with random bytes, except its first page. */
  const damage = (path: string) => {
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(statSync(path).size - 4096, 'x'), 0, undefined, 4096);
    closeSync(file);
  };

  test.each([0, 1])('when its pages are damaged, header or not (%i)', (whole) => {
    const path = join(db.folder, 'damaged.db');
    const first = openIndex(path);
    addMany(3000);
    first.indexNew(db.db);
    first.close();
    damage(path);
    if (whole) writeFileSync(path, 'x'.repeat(4096), { flag: 'r+' });
    const second = openIndex(path);
    db.message(chat, { content: 'the last one' });
    expect(second.indexNew(db.db)).toBe(0);
    second.close();
    expect(contents(path)).toEqual(fromScratch());
  });

  test('when a query meets the damage, which still gets an answer', () => {
    addMany(1500);
    indexAll();
    db.index.close();
    damage(db.paths.search);
    expect(found('topic7').length).toBe(31);
    expect(existsSync(db.paths.search)).toBe(false);
  });

  test('when it belongs to another messages.db', () => {
    const other = new MessagesDb();
    other.message(other.chat('120363000000000002@g.us'), { content: 'topic7 elsewhere' });
    other.index.indexNew(other.db);
    other.index.indexNew(db.db);
    copyFileSync(other.paths.search, join(db.folder, 'copy.db'));
    other.index.indexNew(other.db);
    expect(other.found({ content: 'topic7' })).toEqual(['MSG000001']);
    expect(other.query({ content: 'topic8' }).total).toBe(0);
    other.close();
    sound();
  });

  test('and shows nothing of another store until then', () => {
    const other = new MessagesDb();
    other.message(other.chat('120363000000000002@g.us'), { content: 'a stranger to topic7' });
    other.index.indexNew(other.db);
    other.db.pragma('wal_checkpoint(TRUNCATE)');
    other.index.close();
    db.index.close();
    copyFileSync(other.paths.search, db.paths.search);
    expect(found('stranger')).toEqual([]);
    expect(found('topic7')).toEqual(['MSG000008']);
    expect(db.reader.messages.statistics().total_messages).toBe(20);
    expect(db.reader.messages.unindexed()).toBe(20);
    other.close();
  });

  test('when messages.db was restored to an earlier state', () => {
    db.db.prepare('DELETE FROM messages WHERE seq > 10').run();
    db.db.exec("DELETE FROM search_log; UPDATE sqlite_sequence SET seq = 10 WHERE name = 'messages'");
    db.db.exec("DELETE FROM sqlite_sequence WHERE name = 'search_log'");
    db.message(chat, { content: 'another topic11' });
    sound();
    expect(found('another')).toHaveLength(1);
  });

  test('when it missed changes that were already dropped', () => {
    const older = join(db.folder, 'older.db');
    copyFileSync(db.paths.search, older);
    if (existsSync(`${db.paths.search}-wal`)) copyFileSync(`${db.paths.search}-wal`, `${older}-wal`);
    db.db.prepare("UPDATE messages SET content = 'changed' WHERE seq = 8").run();
    indexAll();
    const index = openIndex(older);
    index.indexNew(db.db);
    index.close();
    expect(contents(older)).toEqual(fromScratch());
  });

  test('and a reader with the old words reads the new ones', () => {
    expect(found('opic19')).toHaveLength(1);
    db.db.prepare("UPDATE meta SET value = 'restored' WHERE key = 'store_id'").run();
    db.db.prepare('DELETE FROM messages WHERE seq < 20').run();
    db.message(chat, { content: 'unprecedented' });
    indexAll();
    expect(found('precedent')).toHaveLength(1);
    expect(found('opic19')).toHaveLength(1);
  });
});
