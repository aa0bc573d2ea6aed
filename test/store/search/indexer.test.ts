import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueryOnly } from '../../../src/store/sqlite/database.ts';
import { contentsFromScratch, indexContents } from '../../support/rows/index-contents.ts';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';
import { compiled } from '../../support/setup/compiled.ts';

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

const contents = (path = db.paths.search) => indexContents(path);
const fromScratch = () => contentsFromScratch(db);

function addMany(count: number): void {
  db.db.transaction(() => {
    for (let n = 0; n < count; n++) db.message(chat, { content: `message number${n} about topic${n % 50}` });
  })();
}

describe('following messages.db', () => {
  test('new rows are found after one pass, and a pass without news changes nothing', () => {
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
    expect(contents().docs).toEqual(fromScratch().docs);
  });

  test('a deleted row disappears before and after the index follows', () => {
    const seq = db.message(chat, { content: 'secret plan' });
    db.message(chat, { content: 'public plan' });
    indexAll();
    db.db.prepare('DELETE FROM messages WHERE seq = ?').run(seq);
    expect(db.query({ content: 'plan' })).toMatchObject({ total: 1, items: [{ content: 'public plan' }] });
    indexAll();
    expect(db.query({ content: 'plan' })).toMatchObject({ total: 1, items: [{ content: 'public plan' }] });
    expect({ ...contents(), terms: [] }).toEqual({ ...fromScratch(), terms: [] });
  });

  test('rows that move to another chat are found there, at every stage of the move', () => {
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
    expect(contents()).toEqual(fromScratch());
  });

  test('a row that changed before it was first read is read once', () => {
    const seq = db.message(chat, { content: 'draft' });
    db.db.prepare("UPDATE messages SET content = 'final' WHERE seq = ?").run(seq);
    indexAll();
    expect(found('final')).toEqual(['MSG000001']);
    expect(contents()).toEqual(fromScratch());
  });

  test('followed entries are deleted from the log, in small steps', () => {
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

describe('partial indexing', () => {
  test('stops at a limit or deadline between transactions, and continues later', () => {
    addMany(3000);
    expect(db.index.indexNew(db.db, { limit: 100 })).toBe(2900);
    expect(db.index.indexNew(db.db, { deadline: Date.now() - 1 })).toBe(1900);
    expect(indexAll()).toBe(0);
    expect({ ...contents(), terms: [] }).toEqual({ ...fromScratch(), terms: [] });
    expect(found('umber2999')).toHaveLength(1);
  });

  test('finds a part of a word as soon as its row is indexed, and after a long pass', () => {
    db.message(chat, { content: 'extraordinary' });
    indexAll();
    expect(found('traordin')).toHaveLength(1);
    addMany(1000);
    db.message(chat, { content: 'misunderstanding' });
    indexAll();
    expect(found('understand')).toHaveLength(1);
    expect(contents().terms).toEqual(fromScratch().terms);
  });

  test('keeps the storage order of messages of one second, even when the second is full', () => {
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

  test('keeps the order on every page when a full second overflows past a later one', () => {
    for (let n = 0; n < 10; n++) db.message(chat, { id: `L${n}`, timestamp: start + 1, content: 'burst' });
    indexAll();
    for (let n = 0; n < 90; n++) db.message(chat, { id: `E${n}`, timestamp: start, content: 'burst' });
    indexAll();
    const later = Array.from({ length: 10 }, (_, n) => `L${9 - n}`);
    const earlier = Array.from({ length: 90 }, (_, n) => `E${89 - n}`);
    for (const limit of [3, 15, 64, 100])
      expect(db.found({ content: 'burst', limit }), `${limit}`).toEqual([...later, ...earlier]);
    expect(db.found({ content: 'burst', before: start + 1 })).toEqual(earlier);
    expect(db.query({ content: 'burst', after: start + 1 }).total).toBe(10);
  });

  test('stores, finds and shows times far out of range', () => {
    for (const timestamp of [1, 1_000_000, start, 2 ** 41, 2 ** 52]) db.message(chat, { timestamp, content: 'time' });
    indexAll();
    expect(found('time')).toEqual(['MSG000005', 'MSG000004', 'MSG000003', 'MSG000002', 'MSG000001']);
    expect(db.query({ content: 'time', after: start + 1 }).total).toBe(2);
  });
});

describe('indexing that is killed', () => {
  const script = (report: string) => `
    import { openWriter } from ${JSON.stringify(join(process.cwd(), 'src/store/sqlite/database.ts'))};
    import { openIndex } from ${JSON.stringify(join(process.cwd(), 'src/store/search/indexer.ts'))};
    import { writeSync } from 'node:fs';
    const messages = openWriter(${JSON.stringify(db.paths.messages)});
    const index = openIndex(${JSON.stringify(db.paths.search)});
    ${report}`;
  const run = (report: string) => {
    const child = spawn(process.execPath, [compiled({ text: script(report) })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };

  test('between and within transactions resumes without losses or duplicates', async () => {
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
    expect({ ...contents(), terms: [] }).toEqual({ ...fromScratch(), terms: [] });
    expect(db.query({ content: 'changed' }).total).toBe(60);
  });

  test('is shared by two processes that index at once', async () => {
    addMany(4000);
    const children = [1, 2].map(() => run('while (index.indexNew(messages, { limit: 50 }) > 0);'));
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    expect(db.reader.messages.unindexed()).toBe(0);
    expect({ ...contents(), terms: [] }).toEqual({ ...fromScratch(), terms: [] });
  });
});

test('the file is private', () => {
  indexAll();
  expect(statSync(db.paths.search).mode & 0o777).toBe(0o600);
});
