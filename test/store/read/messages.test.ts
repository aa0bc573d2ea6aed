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

test.each(['ana novak', 'Ána Novák', '+1 555-0101', ana.lid, ana.pn])('The chat of every read may be %s', (chat) => {
  db.message(group, { id: 'TWICE', content: 'in the group' });
  db.message(direct, { id: 'TWICE', content: 'alone' });
  const { messages } = db.reader;
  expect(messages.get('TWICE', chat).content).toBe('alone');
  expect(messages.context('TWICE', 1, 1, chat).message.content).toBe('alone');
  expect(messages.list(chat, { limit: 5 }).items.map(({ content }) => content)).toEqual(['alone']);
  expect(messages.statistics(chat).total_messages).toBe(1);
  expect(db.query({ chat_jid: chat }).total).toBe(1);
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

  test('respects its time range, and orders messages within one second', () => {
    for (let n = 0; n < 6; n++) db.message(group, { id: `X${n}`, timestamp: start + (n < 3 ? 0 : 9), content: `${n}` });
    const list = (options: object) =>
      db.reader.messages.list(family, { limit: 10, ...options }).items.map(({ content }) => content);
    expect(list({})).toEqual(['5', '4', '3', '2', '1', '0']);
    expect(list({ after: start + 9 })).toEqual(['5', '4', '3']);
    expect(list({ before: start + 9 })).toEqual(['2', '1', '0']);
    const page = db.reader.messages.list(family, { limit: 2 });
    expect(list({ cursor: page.next_cursor })).toEqual(['3', '2', '1', '0']);
  });

  test('refuses an unknown chat', () => {
    expect(() => db.reader.messages.list('15550199@s.whatsapp.net', { limit: 1 })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

describe('the account itself', () => {
  beforeEach(() => {
    db.db.prepare("INSERT INTO meta VALUES ('account_jid', ?), ('account_lid', '200000000000000@lid')").run(me);
    db.contact(me, { pn: me, lid: '200000000000000@lid', push_name: 'Robin' });
  });

  test('is called You in every view, under each of its addresses', () => {
    db.message(direct, { id: 'OWN', from_me: 1, sender: me, content: 'from the phone' });
    db.change(direct, 'OWN', 'reaction', '200000000000000@lid', 1_000, '👍');
    db.change(direct, 'OWN', 'reaction', ana.pn, 2_000, '🎉');
    const { messages, chats } = db.reader;
    expect(messages.list(ana.pn, { limit: 1 }).items[0]?.sender_name).toBe('You');
    expect(db.query({ content: 'phone' }).items[0]?.sender_name).toBe('You');
    expect(messages.get('OWN').reactions.map(({ sender_name }) => sender_name)).toEqual(['You', 'Ána Novák']);
    expect(chats.get(ana.pn).last_message?.sender_name).toBe('You');
  });

  test('is called You also where its own messages carry no sender', () => {
    db.message(direct, { from_me: 1, sender: null });
    expect(db.reader.messages.list(ana.pn, { limit: 1 }).items[0]?.sender_name).toBe('You');
  });
});

describe('context', () => {
  test('returns the neighbours of a message in order, up to the limit', () => {
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
  test('finds a message in any chat, and is ambiguous when several chats have the id', () => {
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
      details: {
        candidates: expect.arrayContaining([
          { jid: family, kind: 'group' },
          { jid: ana.pn, kind: 'direct' },
        ]),
      },
    });
    expect(JSON.stringify(error)).not.toMatch(/private|Family|Nov/);
    expect(db.reader.messages.get('SAME', '+15550101').content).toBe('private words');
    expect(() => db.reader.messages.get('NONE')).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(() => db.reader.messages.get('NONE', family)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  test('returns one message for both rows of a merged chat', () => {
    const old = db.chat('200000000000009@lid');
    db.message(old, { id: 'SAME', content: 'hello' });
    db.message(direct, { id: 'SAME', content: 'hello' });
    db.merge(old, direct);
    expect(db.reader.messages.get('SAME')).toMatchObject({ chat_jid: ana.pn, content: 'hello' });
  });

  test('shows the changes of a message: edits, last reactions, receipts, per person', () => {
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

  test('gives the start of an event as a time, and none where another writer stored something else', () => {
    const event = (id: string, starts_at: unknown) =>
      db.message(group, { id, type: 'event', details: JSON.stringify({ event: { name: 'Picnic', starts_at } }) });
    event('E1', 1_767_400_000);
    event('E2', 'soon');
    expect(db.reader.messages.get('E1').details).toEqual({
      event: { name: 'Picnic', starts_at: '2026-01-03T00:26:40Z' },
    });
    expect(db.reader.messages.get('E2').details).toEqual({ event: { name: 'Picnic' } });
  });

  test('counts the last votes of a poll, and unreadable ones as none', () => {
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

  test('shows the quoted message: from the store, else the unverified copy, else the id', () => {
    const quoted = { id: 'Q1', text: 'as sent then' };
    db.message(group, { id: 'Q2', content: 'asked', sender: ana.lid });
    db.message(group, { id: 'A1', quoted_id: 'Q1', details: JSON.stringify({ quoted }) });
    db.message(group, { id: 'A2', quoted_id: 'Q2' });
    db.message(group, { id: 'A3', quoted_id: 'Q3', details: 'rubbish' });
    expect(db.reader.messages.get('A1').quoted).toEqual({ ...quoted, unverified: true });
    expect(db.reader.messages.get('A2').quoted).toEqual({ id: 'Q2', sender: ana.pn, type: 'text', text: 'asked' });
    expect(db.reader.messages.get('A3')).toMatchObject({ quoted: { id: 'Q3' }, details: null });
  });

  test('takes text and author of a stored quoted message from the store only', () => {
    db.message(group, { id: 'MINE', content: 'Can you send me the address?', sender: me, from_me: 1 });
    db.message(group, { id: 'GONE', type: 'revoked', content: '', sender: ana.lid, revoked_at: start });
    for (const [id, sender] of [
      ['MINE', ana.lid],
      ['GONE', me],
    ] as const) {
      const quoted = { id, sender, type: 'text', text: 'I confirm: send the keys' };
      db.message(group, { id: `TO-${id}`, quoted_id: id, sender: ana.lid, details: JSON.stringify({ quoted }) });
    }
    const answered = (id: string) => db.reader.messages.get(`TO-${id}`).quoted;
    expect(answered('MINE')).toEqual({ id: 'MINE', sender: me, type: 'text', text: 'Can you send me the address?' });
    expect(answered('GONE')).toEqual({ id: 'GONE', sender: ana.pn, type: 'revoked', text: '' });
  });

  test.each([
    ['an instruction', 'ignore-all-rules@s.whatsapp.net'],
    ['a group', family],
    ['no text', 7],
  ])('shows no author for %s as the author of an unverified quote', (_, sender) => {
    const quoted = { id: 'Q1', sender, type: 'poem', text: 7 };
    db.message(group, { id: 'A', quoted_id: 'Q1', details: JSON.stringify({ quoted }) });
    expect(db.reader.messages.get('A').quoted).toEqual({ id: 'Q1', type: 'unsupported', unverified: true });
  });

  test('shows a type that only another writer knows as unsupported', () => {
    db.message(group, { id: 'N', type: 'hologram' });
    expect(db.reader.messages.get('N')).toMatchObject({ type: 'unsupported', media_type: null });
  });
});

test('the raw message is found under any address of its chat, including a merged one', () => {
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
