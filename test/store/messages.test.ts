import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../support/messages-db.ts';

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

/** Every question is asked of the rows alone, and again of the index: the answers must be the same. */
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

  test('without any filter gives every message, newest first, but no status posts', () => {
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
  test('keep their place while new messages arrive and old ones go', () => {
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

  test('an offset skips, and a page past the end is empty', () => {
    for (let n = 1; n <= 10; n++) db.message(group, { content: `word ${n}` });
    index();
    db.message(group, { content: 'word 11' });
    expect(contents({ content: 'word', limit: 3, offset: 2 })).toEqual(['word 9', 'word 8', 'word 7']);
    expect(db.query({ content: 'word', offset: 11 })).toMatchObject({ items: [], total: 11, next_cursor: null });
  });

  test('a total is exact up to ten thousand and a floor beyond', () => {
    db.db.transaction(() => {
      for (let n = 0; n < 10_001; n++) db.message(group, { content: 'many' });
    })();
    index();
    expect(db.query({ content: 'many', limit: 1 })).toMatchObject({ total: 10_000, total_is_exact: false });
    db.db.prepare('DELETE FROM messages WHERE seq = 1').run();
    expect(db.query({ content: 'many', limit: 1 })).toMatchObject({ total: 10_000, total_is_exact: true });
  });

  test('a total is no promise while too many rows wait for the index', () => {
    db.db.transaction(() => {
      for (let n = 0; n < 2001; n++) db.message(group, { content: 'waiting' });
    })();
    expect(db.query({ content: 'waiting' })).toMatchObject({ items: [], total: 0, total_is_exact: false });
    expect(db.reader.messages.unindexed()).toBe(2001);
    db.index.indexNew(db.db, { limit: 10 });
    expect(db.query({ content: 'waiting', limit: 1 })).toMatchObject({ total: 2001, total_is_exact: true });
  });

  test('a part of very many words says that it may not be everything', () => {
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

describe('list', () => {
  test('pages through a chat of merged rows without gaps or repeats', () => {
    const old = db.chat('200000000000009@lid');
    for (let n = 1; n <= 25; n++) db.message(n % 3 ? direct : old, { content: `${n}` });
    db.message(old, { id: 'MSG000025', timestamp: start + 25, content: '25' });
    db.merge(old, direct);
    const seen: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = db.reader.messages.list(ana.pn, { limit: 4, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ content }) => content));
      expect(new Set(page.items.map(({ chat_jid }) => chat_jid))).toEqual(new Set([ana.pn]));
      cursor = page.next_cursor;
      if (!cursor) break;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `${25 - n}`));
    expect(db.reader.messages.list('200000000000009@lid', { limit: 1 }).items[0]?.content).toBe('25');
  });

  test('keeps to its times, and messages of one second have one order', () => {
    for (let n = 0; n < 6; n++) db.message(group, { id: `X${n}`, timestamp: start + (n < 3 ? 0 : 9), content: `${n}` });
    const list = (options: object) =>
      db.reader.messages.list(family, { limit: 10, ...options }).items.map(({ content }) => content);
    expect(list({})).toEqual(['5', '4', '3', '2', '1', '0']);
    expect(list({ after: start + 9 })).toEqual(['5', '4', '3']);
    expect(list({ before: start + 9 })).toEqual(['2', '1', '0']);
    const page = db.reader.messages.list(family, { limit: 2 });
    expect(list({ cursor: page.next_cursor })).toEqual(['3', '2', '1', '0']);
  });

  test('a chat nobody has is not found', () => {
    expect(() => db.reader.messages.list('15550199@s.whatsapp.net', { limit: 1 })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

describe('context', () => {
  test('gives the neighbours of a message in their order, as many as there are', () => {
    for (let n = 1; n <= 9; n++) db.message(group, { content: `${n}` });
    db.message(direct, { content: 'elsewhere' });
    const { message, before, after } = db.reader.messages.context('MSG000003', 5, 3);
    expect([before, [message], after].map((part) => part.map(({ content }) => content))).toEqual([
      ['1', '2'],
      ['3'],
      ['4', '5', '6'],
    ]);
    expect(db.reader.messages.context('MSG000009', 1, 0)).toMatchObject({ before: [{ content: '8' }], after: [] });
  });
});

describe('get', () => {
  test('finds a message in any chat, and asks which one when its id is in several', () => {
    db.message(group, { id: 'SAME', content: 'in the group' });
    expect(db.reader.messages.get('SAME').content).toBe('in the group');
    db.message(direct, { id: 'SAME', content: 'private words' });
    let error: unknown;
    try {
      db.reader.messages.get('SAME');
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({
      code: 'ambiguous_recipient',
      details: { candidates: expect.arrayContaining([family, ana.pn]) },
    });
    expect(JSON.stringify(error)).not.toMatch(/private|Family|Nov/);
    expect(db.reader.messages.get('SAME', '+15550101').content).toBe('private words');
    expect(() => db.reader.messages.get('NONE')).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(() => db.reader.messages.get('NONE', family)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  test('the same message under both rows of a merged chat is one message', () => {
    const old = db.chat('200000000000009@lid');
    db.message(old, { id: 'SAME', content: 'hello' });
    db.message(direct, { id: 'SAME', content: 'hello' });
    db.merge(old, direct);
    expect(db.reader.messages.get('SAME')).toMatchObject({ chat_jid: ana.pn, content: 'hello' });
  });

  test('tells what happened to it: edits, last reactions, receipts, per person', () => {
    db.message(group, {
      id: 'M',
      content: 'final',
      sender: ana.lid,
      edited_at: start,
      status: null,
      starred: 1,
      expires_at: start + 60,
    });
    const ms = start * 1000;
    db.change(group, 'M', 'edit', ana.lid, ms + 2500, 'final');
    db.change(group, 'M', 'edit', ana.lid, ms + 1000, 'draft');
    db.change(group, 'M', 'reaction', ana.lid, ms + 1, '👍');
    db.change(group, 'M', 'reaction', ana.pn, ms + 2, '🎂');
    db.change(group, 'M', 'reaction', '15550102@s.whatsapp.net', ms + 1, '❤️');
    db.change(group, 'M', 'reaction', '15550102@s.whatsapp.net', ms + 3, '');
    db.change(group, 'M', 'receipt', '15550102@s.whatsapp.net', ms + 4, 'delivered');
    db.change(group, 'M', 'receipt', '15550102@s.whatsapp.net', ms + 5, 'read');
    db.change(direct, 'M', 'reaction', '15550102@s.whatsapp.net', ms, '😡');
    expect(db.reader.messages.get('M', family)).toMatchObject({
      edited: true,
      starred: true,
      sender_jids: ana,
      expires_at: '2025-01-01T00:01:00Z',
      edits: [
        { at: '2025-01-01T00:00:01.000Z', content: 'draft' },
        { at: '2025-01-01T00:00:02.500Z', content: 'final' },
      ],
      reactions: [{ sender: ana.pn, sender_name: 'Ána Novák', emoji: '🎂', at: '2025-01-01T00:00:00.002Z' }],
      receipts: [{ recipient: '15550102@s.whatsapp.net', status: 'read', at: '2025-01-01T00:00:00.005Z' }],
      poll: null,
      quoted: null,
    });
  });

  test('counts the last votes of a poll, unreadable ones as none', () => {
    const poll = { question: 'Where?', options: ['Park', 'Beach'], selectable: 2 };
    db.message(group, { id: 'P', type: 'poll', content: 'Where?', details: JSON.stringify({ poll }) });
    db.change(group, 'P', 'vote', ana.lid, 1, '["Park"]');
    db.change(group, 'P', 'vote', ana.pn, 2, '["Park","Beach"]');
    db.change(group, 'P', 'vote', '15550102@s.whatsapp.net', 3, '["Beach","Gone"]');
    db.change(group, 'P', 'vote', me, 4, 'rubbish');
    expect(db.reader.messages.get('P').poll).toEqual({
      question: 'Where?',
      options: [
        { name: 'Park', votes: 1 },
        { name: 'Beach', votes: 2 },
      ],
    });
  });

  test('shows what it answers: the copy it carries, else the message itself, else the id', () => {
    const quoted = { id: 'Q1', text: 'as sent then' };
    db.message(group, { id: 'Q2', content: 'asked', sender: ana.lid });
    db.message(group, { id: 'A1', quoted_id: 'Q1', details: JSON.stringify({ quoted }) });
    db.message(group, { id: 'A2', quoted_id: 'Q2' });
    db.message(group, { id: 'A3', quoted_id: 'Q3', details: 'rubbish' });
    expect(db.reader.messages.get('A1').quoted).toEqual(quoted);
    expect(db.reader.messages.get('A2').quoted).toEqual({ id: 'Q2', sender: ana.pn, type: 'text', text: 'asked' });
    expect(db.reader.messages.get('A3')).toMatchObject({ quoted: { id: 'Q3' }, details: null });
  });

  test('a type that another writer knows and we do not is unsupported', () => {
    db.message(group, { id: 'N', type: 'hologram' });
    expect(db.reader.messages.get('N')).toMatchObject({ type: 'unsupported', media_type: null });
  });
});

test('the raw message is found under any address of its chat, also of one merged into it', () => {
  const old = db.chat('200000000000009@lid');
  db.message(old, { id: 'R', raw: new Uint8Array([1, 2, 3]) });
  db.message(direct, { id: 'NO' });
  db.merge(old, direct);
  for (const address of [ana.pn, ana.lid, '200000000000009@lid']) {
    expect([...(db.reader.messages.raw(address, 'R') ?? [])], address).toEqual([1, 2, 3]);
  }
  expect(db.reader.messages.raw(ana.pn, 'NO')).toBeUndefined();
  expect(db.reader.messages.raw('15550199@s.whatsapp.net', 'R')).toBeUndefined();
});
