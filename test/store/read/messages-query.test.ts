import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const me = '15550100@s.whatsapp.net';
const ana = { pn: '15550101@s.whatsapp.net', lid: '200000000000001@lid' };
const family = '120363000000000001@g.us';

let db: MessagesDb;
let group: number;
let direct: number;
beforeEach(() => {
  db = new MessagesDb();
  group = db.chat(family, { name: 'Family' });
  direct = db.chat(ana.pn, { pn: ana.pn, lid: ana.lid });
  db.contact(ana.pn, { ...ana, saved_name: 'Ána Novák', push_name: 'ana' });
  db.contact('15550102@s.whatsapp.net', { pn: '15550102@s.whatsapp.net', push_name: 'Ben' });
});
afterEach(() => db.close());

const index = () => db.index.indexNew(db.db);
const contents = (query: Parameters<MessagesDb['query']>[0]) => db.query(query).items.map(({ content }) => content);

/** Each query runs against the rows alone, and again against the index: the answers must be equal. */
const bothWays = [
  ['read from messages.db', () => undefined],
  ['indexed', () => index()],
] as const;

describe.each(bothWays)('query, %s', (_name, prepare) => {
  beforeEach(() => {
    db.message(group, { content: 'one', sender: ana.lid });
    db.message(group, { content: 'two', sender: '15550102@s.whatsapp.net' });
    db.message(group, { content: 'three', sender: me, from_me: 1 });
    db.message(group, { content: '', type: 'image', sender: ana.pn });
    db.message(group, { content: 'look', type: 'gif', sender: ana.pn, title: null });
    db.message(direct, { content: 'five', sender: null });
    db.message(direct, { content: 'six', sender: null, from_me: 1 });
    db.message(direct, { content: 'listen', type: 'voice', filename: 'note.ogg', sender: ana.pn });
    db.message(db.chat('status@broadcast'), { content: 'status one', sender: ana.pn });
    prepare();
  });

  test('without filters returns every message, newest first, without status posts', () => {
    expect(contents({})).toEqual(['listen', 'six', 'five', 'look', '', 'three', 'two', 'one']);
    expect(db.query({})).toMatchObject({ total: 8, total_is_exact: true, next_cursor: null });
    expect(contents({ chat_jid: 'status@broadcast' })).toEqual(['status one']);
  });

  test.each([
    ['chat by its address', { chat_jid: ana.pn }, ['listen', 'six', 'five']],
    ['chat by the other address of the person', { chat_jid: ana.lid }, ['listen', 'six', 'five']],
    ['chat by phone number', { chat_jid: '+1 555-0101' }, ['listen', 'six', 'five']],
    ['chat by name', { chat_jid: 'ana novak' }, ['listen', 'six', 'five']],
    ['sender by one address', { sender: ana.pn }, ['listen', 'five', 'look', '', 'one']],
    ['sender by the other one', { sender: ana.lid }, ['listen', 'five', 'look', '', 'one']],
    ['sender by number', { sender: '15550102' }, ['two']],
    ['sender by a part of the name, accents ignored', { sender: 'novak' }, ['listen', 'five', 'look', '', 'one']],
    ['sender nobody knows', { sender: 'nobody' }, []],
    ['sender by an address without any message', { sender: '15550199@s.whatsapp.net' }, []],
    ['own messages', { from_me: true }, ['six', 'three']],
    ['messages of others', { from_me: false, chat_jid: family }, ['look', '', 'two', 'one']],
    ['one kind of media', { media_type: 'image' as const }, ['']],
    ['media kinds that belong together', { media_type: 'audio' as const }, ['listen']],
    ['a gif counts as a video', { media_type: 'video' as const }, ['look']],
    ['no media', { include_media: false }, ['six', 'five', 'three', 'two', 'one']],
    ['from a time on', { after: start + 7 }, ['listen', 'six']],
    ['before a time', { before: start + 3 }, ['two', 'one']],
    ['between two times', { after: start + 2, before: start + 4 }, ['three', 'two']],
    ['words and filters together', { content: 'e', from_me: true, chat_jid: family }, []],
    ['a word and a chat', { content: 'three', chat_jid: family }, ['three']],
    ['a word and a sender', { content: 'one', sender: 'Ána' }, ['one']],
    ['a file name', { content: 'note.ogg' }, ['listen']],
    ['blank words are no words', { content: '  ', chat_jid: family, before: start + 3 }, ['two', 'one']],
  ])('by %s', (_filter, query, expected) => {
    expect(contents(query)).toEqual(expected);
    expect(db.query(query)).toMatchObject({ total: expected.length, total_is_exact: true });
  });

  test('shows names, canonical addresses and types as a person would', () => {
    expect(db.query({ content: 'one' }).items).toEqual([
      {
        id: 'MSG000001',
        chat_jid: family,
        chat_name: 'Family',
        sender: ana.pn,
        sender_name: 'Ána Novák',
        content: 'one',
        timestamp: '2025-01-01T00:00:01Z',
        is_from_me: false,
        type: 'text',
        media_type: null,
        filename: null,
        edited: false,
        quoted_id: null,
        snippet: 'one',
      },
    ]);
    expect(db.query({ content: 'note' }).items[0]).toMatchObject({
      media_type: 'voice',
      filename: 'note.ogg',
      snippet: 'note.ogg',
    });
    expect(db.query({ content: 'five' }).items[0]).toMatchObject({
      sender: ana.pn,
      chat_jid: ana.pn,
      chat_name: 'Ána Novák',
    });
  });

  test('an unknown name is refused, an address without a chat is an empty result', () => {
    expect(() => db.query({ chat_jid: 'No Such Chat' })).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(db.query({ chat_jid: '120363000000000009@g.us' })).toMatchObject({ items: [], total: 0 });
  });
});

describe('pages of a search', () => {
  test('stay in place while messages arrive and disappear', () => {
    for (let n = 1; n <= 30; n++) db.message(group, { content: `word ${n}` });
    index();
    const first = db.query({ content: 'word', limit: 10 });
    db.message(group, { content: 'word new' });
    db.db.prepare("DELETE FROM messages WHERE content IN ('word 21', 'word 5')").run();
    const second = db.query({ content: 'word', limit: 10, cursor: first.next_cursor ?? '' });
    index();
    const third = db.query({ content: 'word', limit: 20, cursor: second.next_cursor ?? '' });
    const numbers = [...second.items, ...third.items].map(({ content }) => Number(content.split(' ')[1]));
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => 20 - n).filter((n) => n !== 5));
    expect(third.next_cursor).toBeNull();
  });

  test('skip an offset once: a cursor goes on behind the page that skipped it', () => {
    for (let n = 1; n <= 11; n++) db.message(group, { content: `word ${n}` });
    index();
    const first = db.query({ content: 'word', limit: 3, offset: 2 });
    const second = db.query({ content: 'word', limit: 3, offset: 2, cursor: first.next_cursor ?? '' });
    const texts = [...first.items, ...second.items].map(({ content }) => content);
    expect(texts).toEqual(['word 9', 'word 8', 'word 7', 'word 6', 'word 5', 'word 4']);
  });

  test('skip an offset, and are empty past the end', () => {
    for (let n = 1; n <= 10; n++) db.message(group, { content: `word ${n}` });
    index();
    db.message(group, { content: 'word 11' });
    expect(contents({ content: 'word', limit: 3, offset: 2 })).toEqual(['word 9', 'word 8', 'word 7']);
    expect(db.query({ content: 'word', offset: 11 })).toMatchObject({ items: [], total: 11, next_cursor: null });
  });

  test('have an exact total up to ten thousand and a lower bound beyond', () => {
    db.db.transaction(() => {
      for (let n = 0; n < 10_001; n++) db.message(group, { content: 'many' });
    })();
    index();
    expect(db.query({ content: 'many', limit: 1 })).toMatchObject({ total: 10_000, total_is_exact: false });
    db.db.prepare('DELETE FROM messages WHERE seq = 1').run();
    expect(db.query({ content: 'many', limit: 1 })).toMatchObject({ total: 10_000, total_is_exact: true });
  });

  test('have an inexact total while too many rows wait for the index', () => {
    db.db.transaction(() => {
      for (let n = 0; n < 2001; n++) db.message(group, { content: 'waiting' });
    })();
    expect(db.query({ content: 'waiting' })).toMatchObject({ items: [], total: 0, total_is_exact: false });
    expect(db.reader.messages.unindexed()).toBe(2001);
    db.index.indexNew(db.db, { limit: 10 });
    expect(db.query({ content: 'waiting', limit: 1 })).toMatchObject({ total: 2001, total_is_exact: true });
  });

  test('are marked as incomplete when a part matches too many words', () => {
    db.db.transaction(() => {
      for (let n = 0; n < 300; n++) db.message(group, { content: `serial${n}x` });
    })();
    index();
    const { total, total_is_exact } = db.query({ content: 'serial' });
    expect(total).toBeGreaterThanOrEqual(200);
    expect(total_is_exact).toBe(false);
  });

  test.each([0, 501, 1.5, Number.NaN])('a page of %d is refused', (limit) => {
    expect(() => db.query({ limit })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  test.each(['', 'rubbish', '!!', 'eyJtZXNzYWdlcyI6WzEsImEiXX0'])('the cursor "%s" is refused', (cursor) => {
    expect(() => db.query({ cursor })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
