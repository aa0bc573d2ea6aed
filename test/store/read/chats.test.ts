import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const ana = { pn: '15550101@s.whatsapp.net', lid: '200000000000001@lid' };
const family = '120363000000000001@g.us';

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
});
afterEach(() => db.close());

const names = (options: Partial<Parameters<MessagesDb['reader']['chats']['list']>[0]> = {}) =>
  db.reader.chats.list({ sort_by: 'last_active', limit: 100, ...options }).items.map(({ name }) => name);

describe('the name of a direct chat', () => {
  const nameOf = (contact: object, chat: object = {}) => {
    db.contact(ana.pn, { ...ana, ...contact });
    db.chat(ana.pn, { pn: ana.pn, ...chat });
    return db.reader.chats.get(ana.pn).name;
  };

  test.each([
    ['the saved name', { saved_name: 'Saved', business_name: 'Shop', push_name: 'Push' }, { name: 'Chat' }, 'Saved'],
    ['what the chat is called', { business_name: 'Shop', push_name: 'Push' }, { name: 'Chat' }, 'Chat'],
    ['the name of the business', { business_name: 'Shop', push_name: 'Push' }, {}, '~Shop'],
    ['the name the person chose', { push_name: 'Push' }, {}, '~Push'],
    ['the number', {}, {}, '+15550101'],
    ['the number, when names are empty', { saved_name: '', push_name: '' }, { name: '' }, '+15550101'],
  ])('is %s', (_which, contact, chat, expected) => {
    expect(nameOf(contact, chat)).toBe(expected);
  });

  test('is unknown for a person known only by LID', () => {
    db.chat(ana.lid);
    expect(db.reader.chats.get(ana.lid)).toMatchObject({ name: null, chat_jid: ana.lid, pn: null, lid: ana.lid });
  });

  test('follows what is learned about the person later', () => {
    db.chat(ana.lid);
    expect(db.reader.chats.get(ana.lid).name).toBeNull();
    db.contact(ana.pn, { ...ana, push_name: 'Ana' });
    expect(db.reader.chats.get(ana.lid)).toMatchObject({ name: '~Ana', chat_jid: ana.pn, pn: ana.pn, lid: ana.lid });
  });
});

describe('resolve', () => {
  beforeEach(() => {
    db.contact(ana.pn, { ...ana, saved_name: 'Ána Novák' });
    db.chat(ana.pn, ana);
    db.chat(family, { name: 'Family' });
  });

  test.each([
    ana.pn,
    ana.lid,
    '15550101@c.us',
    '15550101:7@s.whatsapp.net',
    '+15550101',
    '15550101',
    '+1 (555) 01-01',
    'Ána Novák',
    ' ana novak ',
  ])('"%s" is one person', (recipient) => {
    expect(db.reader.chats.resolve(recipient)).toBe(ana.pn);
  });

  test('an address without a chat stays an address, as a PN when that is known', () => {
    expect(db.reader.chats.resolve('+1 555 0199')).toBe('15550199@s.whatsapp.net');
    expect(db.reader.chats.resolve('120363000000000009@g.us')).toBe('120363000000000009@g.us');
    db.contact('15550102@s.whatsapp.net', {
      pn: '15550102@s.whatsapp.net',
      lid: '200000000000002@lid',
      push_name: 'Ben',
    });
    expect(db.reader.chats.resolve('200000000000002@lid')).toBe('15550102@s.whatsapp.net');
    expect(db.reader.chats.resolve('Ben')).toBe('15550102@s.whatsapp.net');
    expect(() => db.reader.chats.get('+1 555 0199')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  test('a name of two people is refused with their addresses, and the error does not repeat the name', () => {
    db.chat('120363000000000002@g.us', { name: 'family' });
    let error: unknown;
    try {
      db.reader.chats.resolve('Family');
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({
      code: 'ambiguous_recipient',
      details: { candidates: [family, '120363000000000002@g.us'].map((jid) => ({ jid, kind: 'group' })) },
    });
    expect(String(error)).not.toMatch(/family/i);
  });

  test.each(['Fam', 'ana', 'Ana @ work', '🦊', "'; DROP TABLE chats; --"])('"%s" is not found', (name) => {
    expect(() => db.reader.chats.resolve(name)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  test.each(['', '   ', '@', 'x@y.z', '...'])('"%s" is neither an address nor a name', (name) => {
    expect(() => db.reader.chats.resolve(name)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  test.each(['...', 'x@y.z'])('"%s" is a name when a person has it', (name) => {
    db.chat('15550102@s.whatsapp.net', { name });
    expect(db.reader.chats.resolve(name)).toBe('15550102@s.whatsapp.net');
  });
});

describe('merged chats', () => {
  test('are one chat under every address, over several steps', () => {
    const first = db.chat('200000000000009@lid', { name: 'old' });
    const second = db.chat(ana.lid, { unread_count: 2 });
    const third = db.chat(ana.pn, { pn: ana.pn, unread_count: 3 });
    db.message(first, { content: 'a' });
    db.message(second, { content: 'b' });
    db.message(third, { content: 'c' });
    db.message(first, { content: 'latest' });
    db.merge(first, second);
    db.merge(second, third);
    for (const address of ['200000000000009@lid', ana.lid, ana.pn]) {
      expect(db.reader.chats.get(address), address).toMatchObject({
        chat_jid: ana.pn,
        total_messages: 4,
        unread_count: 3,
        last_message: { content: 'latest' },
      });
    }
    expect(db.reader.chats.list({ sort_by: 'last_active', limit: 10 })).toMatchObject({ total: 1 });
  });
});

describe('list', () => {
  beforeEach(() => {
    const add = (name: string, number: number, fields = {}) =>
      db.chat(`12036300000000000${number}@g.us`, { name, last_message_at: start + number, ...fields });
    add('Čaj', 1);
    add('beta', 2, { archived: 1 });
    add('Alpha', 3, { last_message_at: start + 9 });
    add('parent', 4, { kind: 'community' });
    add('silent', 5, { last_message_at: null });
    db.chat('status@broadcast', { last_message_at: start + 50 });
    db.chat(ana.pn, { ...ana, last_message_at: start + 7 });
  });

  test('is ordered by last activity, chats without messages at the end, without status and communities', () => {
    expect(names()).toEqual(['Alpha', '+15550101', 'beta', 'Čaj', 'silent']);
    expect(names({ kind: 'community' })).toEqual(['parent']);
    expect(names({ kind: 'status' })).toEqual([null]);
  });

  test('is ordered by name, ignoring case and accents', () => {
    expect(names({ sort_by: 'name' })).toEqual(['+15550101', 'Alpha', 'beta', 'Čaj', 'silent']);
  });

  test('is filtered by archive, kind, part of a name and part of a number', () => {
    expect(names({ archived: true })).toEqual(['beta']);
    expect(names({ archived: false })).not.toContain('beta');
    expect(names({ kind: 'direct' })).toEqual(['+15550101']);
    expect(names({ query: 'CAJ' })).toEqual(['Čaj']);
    expect(names({ query: '+1 555 01 01' })).toEqual(['+15550101']);
    expect(names({ query: '0101' })).toEqual(['+15550101']);
    expect(names({ query: ana.lid })).toEqual(['+15550101']);
    expect(names({ query: 'nothing' })).toEqual([]);
  });

  test.each(['last_active', 'name'] as const)('by %s pages through every chat once', (sort_by) => {
    const seen: (string | null)[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = db.reader.chats.list({ sort_by, limit: 2, ...(cursor ? { cursor } : {}) });
      expect(page.total).toBe(5);
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor;
      if (!cursor) break;
    }
    expect(seen).toEqual(names({ sort_by }));
  });

  test('a cursor of the other order is refused', () => {
    const { next_cursor } = db.reader.chats.list({ sort_by: 'name', limit: 1 });
    expect(() => names({ cursor: next_cursor ?? '' })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  test('shows a chat with its last message', () => {
    const lastGroup = '120363000000000008@g.us';
    const group = db.chat(lastGroup, {
      name: 'Family',
      last_message_at: start + 99,
      unread_count: 4,
      pinned_at: 1,
      muted_until: start,
      parent_jid: '120363000000000004@g.us',
    });
    db.contact(ana.pn, { ...ana, push_name: 'Ana' });
    db.message(group, { id: 'L', content: 'bye', sender: ana.lid, timestamp: start + 99 });
    expect(db.reader.chats.list({ sort_by: 'last_active', limit: 1 }).items).toEqual([
      {
        chat_jid: lastGroup,
        name: 'Family',
        kind: 'group',
        pn: null,
        lid: null,
        parent_jid: '120363000000000004@g.us',
        unread_count: 4,
        archived: false,
        pinned: true,
        muted_until: '2025-01-01T00:00:00Z',
        cleared_at: null,
        last_message_at: '2025-01-01T00:01:39Z',
        last_message: { id: 'L', sender_name: '~Ana', content: 'bye', type: 'text', is_from_me: false },
      },
    ]);
  });
});
