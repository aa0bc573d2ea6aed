import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueryOnly } from '../../src/store/database.ts';
import { openIndex } from '../../src/store/search-index.ts';
import { MessagesDb, start } from '../support/messages-db.ts';

let db: MessagesDb;
let chat: number;
const children: ChildProcess[] = [];
beforeEach(() => {
  db = new MessagesDb();
  chat = db.chat('120363000000000001@g.us', { name: 'Family' });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  db.close();
});

const indexAll = () => db.index.indexNew(db.db);
const found = (content: string) => db.found({ content });

/** Every fact in the index, read from the file itself. */
function contents(path = db.paths.search) {
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

/** The same for an index made at once of the rows as they are now. */
function contentsFromScratch() {
  const path = join(db.folder, 'scratch.db');
  const index = openIndex(path);
  index.indexNew(db.db);
  index.close();
  const result = contents(path);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  return result;
}

function addMany(count: number): void {
  db.db.transaction(() => {
    for (let n = 0; n < count; n++) db.message(chat, { content: `message number${n} about topic${n % 50}` });
  })();
}

describe('following messages.db', () => {
  test('new rows are found after one pass, and a pass over nothing new changes nothing', () => {
    db.message(chat, { content: 'first words' });
    expect(indexAll()).toBe(0);
    db.message(chat, { content: 'second words' });
    expect(db.reader.messages.unindexed()).toBe(1);
    expect(indexAll()).toBe(0);
    expect(db.reader.messages.unindexed()).toBe(0);
    expect(found('words')).toHaveLength(2);
    const before = contents();
    expect(indexAll()).toBe(0);
    expect(contents()).toEqual(before);
  });

  test('an edited text is found by its new words only', () => {
    const seq = db.message(chat, { content: 'see you on monday' });
    indexAll();
    db.db.prepare("UPDATE messages SET content = 'see you on tuesday', edited_at = 1 WHERE seq = ?").run(seq);
    expect(db.reader.messages.unindexed()).toBe(1);
    expect([found('monday'), found('tuesday')]).toEqual([[], ['MSG000001']]);
    indexAll();
    expect(db.reader.messages.unindexed()).toBe(0);
    expect([found('monday'), found('tuesday')]).toEqual([[], ['MSG000001']]);
    expect(contents().docs).toEqual(contentsFromScratch().docs);
  });

  test('a deleted row is gone before and after the index has read of it', () => {
    const seq = db.message(chat, { content: 'secret plan' });
    db.message(chat, { content: 'public plan' });
    indexAll();
    db.db.prepare('DELETE FROM messages WHERE seq = ?').run(seq);
    expect(db.query({ content: 'plan' })).toMatchObject({ total: 1, items: [{ content: 'public plan' }] });
    indexAll();
    expect(db.query({ content: 'plan' })).toMatchObject({ total: 1, items: [{ content: 'public plan' }] });
    expect({ ...contents(), terms: [] }).toEqual({ ...contentsFromScratch(), terms: [] });
  });

  test('rows that move into another chat are found there, at every stage of the move', () => {
    const lid = db.chat('100000000000001@lid');
    const pn = db.chat('15550101@s.whatsapp.net');
    for (let n = 0; n < 3; n++) db.message(lid, { content: `hello ${n}` });
    indexAll();
    const here = () => [
      found('hello').length,
      db.found({ content: 'hello', chat_jid: '15550101@s.whatsapp.net' }).length,
    ];
    expect(here()).toEqual([3, 0]);
    db.merge(lid, pn);
    expect(here()).toEqual([3, 3]);
    db.db.prepare('UPDATE messages SET chat_id = ? WHERE chat_id = ? AND seq < 3').run(pn, lid);
    expect(here()).toEqual([3, 3]);
    indexAll();
    expect(here()).toEqual([3, 3]);
    db.db.prepare('UPDATE messages SET chat_id = ? WHERE chat_id = ?').run(pn, lid);
    indexAll();
    expect(here()).toEqual([3, 3]);
    expect(contents()).toEqual(contentsFromScratch());
  });

  test('a row that changed before it was ever read is read once', () => {
    const seq = db.message(chat, { content: 'draft' });
    db.db.prepare("UPDATE messages SET content = 'final' WHERE seq = ?").run(seq);
    indexAll();
    expect(found('final')).toEqual(['MSG000001']);
    expect(contents()).toEqual(contentsFromScratch());
  });

  test('what was followed is deleted from the log, in small steps', () => {
    addMany(2500);
    indexAll();
    db.db.prepare("UPDATE messages SET title = 'x'").run();
    const log = () => db.db.prepare('SELECT count(*) FROM search_log').pluck().get();
    expect(log()).toBe(2500);
    expect(db.index.indexNew(db.db, { limit: 500 })).toBe(2000);
    expect(log()).toBe(2000);
    indexAll();
    expect(log()).toBe(0);
    expect(db.query({ content: 'number7', limit: 1 }).items).toHaveLength(1);
  });

  test('a lock on messages.db does not stop indexing', () => {
    db.message(chat, { content: 'old words' });
    indexAll();
    db.db.prepare("UPDATE messages SET content = 'new words'").run();
    const other = openQueryOnly(db.paths.messages);
    other.pragma('query_only = OFF');
    db.db.pragma('busy_timeout = 20');
    other.exec('BEGIN IMMEDIATE');
    expect(indexAll()).toBe(0);
    other.exec('ROLLBACK');
    other.close();
    expect(found('new')).toEqual(['MSG000001']);
    indexAll();
    expect(db.db.prepare('SELECT count(*) FROM search_log').pluck().get()).toBe(0);
  });
});

describe('in parts', () => {
  test('a limit and a deadline stop between transactions, and the rest follows', () => {
    addMany(3000);
    expect(db.index.indexNew(db.db, { limit: 100 })).toBe(2900);
    expect(db.index.indexNew(db.db, { deadline: Date.now() - 1 })).toBe(1900);
    expect(indexAll()).toBe(0);
    expect({ ...contents(), terms: [] }).toEqual({ ...contentsFromScratch(), terms: [] });
    expect(found('umber2999')).toHaveLength(1);
  });

  test('a part of a word is found as soon as its row is, and after a long pass', () => {
    db.message(chat, { content: 'extraordinary' });
    indexAll();
    expect(found('traordin')).toHaveLength(1);
    addMany(1000);
    db.message(chat, { content: 'misunderstanding' });
    indexAll();
    expect(found('understand')).toHaveLength(1);
    expect(contents().terms).toEqual(contentsFromScratch().terms);
  });

  test('messages of one second keep the order they were stored in, even when the second is full', () => {
    const stored: string[] = [];
    db.db.transaction(() => {
      for (let n = 0; n < 300; n++) {
        const id = `B${String(n).padStart(3, '0')}`;
        db.message(chat, { id, timestamp: start + (n < 250 ? 0 : 1), content: 'burst' });
        stored.push(id);
      }
    })();
    db.index.indexNew(db.db, { limit: 70 });
    indexAll();
    const newestFirst = stored.toReversed();
    expect(found('burst')).toEqual(newestFirst);
    expect(db.query({ content: 'burst', limit: 10, offset: 100 }).items.map(({ id }) => id)).toEqual(
      newestFirst.slice(100, 110),
    );
    const second = (from: number) => ({ content: 'burst', after: start + from, before: start + from + 1 });
    expect([db.query(second(0)).total, db.query(second(1)).total, db.query(second(2)).total]).toEqual([250, 50, 0]);
    expect(db.found(second(1))).toEqual(newestFirst.slice(0, 50));
  });

  test('times far out of any range are kept, found and shown', () => {
    for (const timestamp of [1, 1_000_000, start, 2 ** 41, 2 ** 52]) db.message(chat, { timestamp, content: 'time' });
    indexAll();
    expect(found('time')).toEqual(['MSG000005', 'MSG000004', 'MSG000003', 'MSG000002', 'MSG000001']);
    expect(db.query({ content: 'time', after: start + 1 }).total).toBe(2);
  });
});

describe('an index that cannot be used is made anew', () => {
  beforeEach(() => {
    addMany(20);
    indexAll();
  });
  const sound = () => {
    expect(indexAll()).toBe(0);
    expect(found('topic7')).toEqual(['MSG000008']);
    expect(contents()).toEqual(contentsFromScratch());
  };

  test('when it is deleted while everything runs', () => {
    expect(found('topic7')).toHaveLength(1);
    for (const suffix of ['', '-wal', '-shm']) rmSync(db.paths.search + suffix);
    expect(found('topic7')).toHaveLength(1);
    expect(db.reader.messages.unindexed()).toBe(20);
    sound();
  });

  test('when it is no database', () => {
    db.index.close();
    writeFileSync(db.paths.search, 'no database'.repeat(1000));
    for (const suffix of ['-wal', '-shm']) rmSync(db.paths.search + suffix, { force: true });
    expect(found('topic7')).toHaveLength(1);
    const index = openIndex(db.paths.search);
    expect(index.indexNew(db.db)).toBe(0);
    index.close();
    expect(found('topic7')).toHaveLength(1);
    expect(contents()).toEqual(contentsFromScratch());
  });

  /** Fills the file with rubbish, its first page left as it is. */
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
    expect(contents(path)).toEqual(contentsFromScratch());
  });

  test('when a question meets the damage, which it answers all the same', () => {
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

  test('when messages.db was put back to an earlier state', () => {
    db.db.prepare('DELETE FROM messages WHERE seq > 10').run();
    db.db.exec("DELETE FROM search_log; UPDATE sqlite_sequence SET seq = 10 WHERE name = 'messages'");
    db.message(chat, { content: 'another topic11' });
    sound();
    expect(found('another')).toHaveLength(1);
  });

  test('when changes were forgotten that it never followed', () => {
    const older = join(db.folder, 'older.db');
    copyFileSync(db.paths.search, older);
    if (existsSync(`${db.paths.search}-wal`)) copyFileSync(`${db.paths.search}-wal`, `${older}-wal`);
    db.db.prepare("UPDATE messages SET content = 'changed' WHERE seq = 8").run();
    indexAll();
    const index = openIndex(older);
    index.indexNew(db.db);
    index.close();
    expect(contents(older)).toEqual(contentsFromScratch());
  });

  test('and its words are read anew by a reader that knew the old ones', () => {
    expect(found('opic19')).toHaveLength(1);
    db.db.prepare("UPDATE meta SET value = 'restored' WHERE key = 'store_id'").run();
    db.message(chat, { content: 'unprecedented' });
    indexAll();
    expect(found('precedent')).toHaveLength(1);
    expect(found('opic19')).toHaveLength(1);
  });
});

describe('killed', () => {
  const script = (report: string) => `
    import { openWriter } from ${JSON.stringify(join(process.cwd(), 'src/store/database.ts'))};
    import { openIndex } from ${JSON.stringify(join(process.cwd(), 'src/store/search-index.ts'))};
    import { writeSync } from 'node:fs';
    const messages = openWriter(${JSON.stringify(db.paths.messages)});
    const index = openIndex(${JSON.stringify(db.paths.search)});
    ${report}`;
  const run = (report: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script(report)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };

  test('between and within transactions, it goes on where it was and nothing is lost or doubled', async () => {
    addMany(6000);
    for (const chunks of [1, 3, 2, 5]) {
      const child = run(
        'for (let left = 1; left > 0; ) { left = index.indexNew(messages, { limit: 300 }); writeSync(1, "."); }',
      );
      for (let seen = 0; seen < chunks; ) seen += ((await once(child.stdout, 'data')) as [Buffer])[0].length;
      child.kill('SIGKILL');
      await once(child, 'exit');
      const left = db.reader.messages.unindexed();
      expect(left).toBeLessThan(6000);
      expect(db.query({ content: 'number1' }).items.length).toBeGreaterThan(0);
      db.db.prepare("UPDATE messages SET content = content || ' changed' WHERE seq % 100 = 1").run();
    }
    expect(indexAll()).toBe(0);
    expect({ ...contents(), terms: [] }).toEqual({ ...contentsFromScratch(), terms: [] });
    expect(db.query({ content: 'changed' }).total).toBe(60);
  });

  test('two processes that index at once share the work', async () => {
    addMany(4000);
    const children = [1, 2].map(() => run('while (index.indexNew(messages, { limit: 50 }) > 0);'));
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    expect(db.reader.messages.unindexed()).toBe(0);
    expect({ ...contents(), terms: [] }).toEqual({ ...contentsFromScratch(), terms: [] });
  });
});

test('the file is private', () => {
  indexAll();
  expect(statSync(db.paths.search).mode & 0o777).toBe(0o600);
});
