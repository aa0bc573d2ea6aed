import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const ana = { pn: '15550101@s.whatsapp.net', lid: '200000000000001@lid' };
const shop = '15550102@s.whatsapp.net';
const hidden = '200000000000003@lid';
const [family, work] = ['120363000000000001@g.us', '120363000000000002@g.us'];

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  db.contact(ana.pn, { ...ana, saved_name: 'Ána Novák', push_name: 'anka' });
  db.contact(shop, { pn: shop, business_name: 'Flower Shop' });
  db.contact(hidden, { lid: hidden, push_name: 'Margaret' });
});
afterEach(() => db.close());

const search = (query: string, limit = 10, cursor?: string) => db.reader.contacts.search(query, limit, cursor);
const found = (query: string) => search(query).items.map(({ jid }) => jid);

describe('an address', () => {
  test.each([
    ['either of the two of a person', ana.lid, { jid: ana.pn, name: 'Ána Novák', ...ana }],
    ['one of a person without a number', hidden, { jid: hidden, name: '~Margaret', pn: null, lid: hidden }],
    [
      'one that nobody here has',
      '15550199@s.whatsapp.net',
      { jid: '15550199@s.whatsapp.net', name: '+15550199', pn: '15550199@s.whatsapp.net', lid: null },
    ],
    [
      'an unknown LID',
      '200000000000009@lid',
      { jid: '200000000000009@lid', name: null, pn: null, lid: '200000000000009@lid' },
    ],
  ])('is known: %s', (_, address, person) => expect(db.reader.contacts.known(address)).toEqual(person));
});

describe('search', () => {
  test.each([
    ['a saved name without its accents', 'ana novak', ana.pn],
    ['a name that the person chose', 'anka', ana.pn],
    ['the name of a business', 'flower', shop],
    ['a word with a typo', 'margraet', hidden],
    ['a number', '+1 555 0102', shop],
    ['a part of a number', '0102', shop],
    ['one of two addresses', ana.lid, ana.pn],
  ])('finds a person by %s', (_, query, jid) => expect(found(query)).toEqual([jid]));

  test('returns everything known about a person', () => {
    const chat = db.chat(ana.pn, { ...ana, last_message_at: start + 5 });
    db.message(chat);
    expect(search('novak')).toEqual({
      items: [
        {
          jid: ana.pn,
          name: 'Ána Novák',
          saved_name: 'Ána Novák',
          push_name: 'anka',
          business_name: null,
          phone: '+15550101',
          ...ana,
          last_message_at: '2025-01-01T00:00:05Z',
        },
      ],
      total: 1,
      next_cursor: null,
      cursors: [expect.any(String)],
    });
  });

  test('finds a person known only from a chat, and nothing for an unknown name', () => {
    db.chat('15550109@s.whatsapp.net', { name: 'Zoltan' });
    expect(found('zoltan')).toEqual(['15550109@s.whatsapp.net']);
    expect(search('nobody')).toEqual({ items: [], total: 0, next_cursor: null, cursors: [] });
  });

  test('shows the best match first and each person once over all pages', () => {
    for (let n = 10; n < 30; n++) db.contact(`155502${n}@s.whatsapp.net`, { saved_name: `Pat ${n}` });
    db.contact('15550300@s.whatsapp.net', { push_name: 'pat' });
    const all: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = search('pat', 6, cursor);
      expect(page.total).toBe(21);
      all.push(...page.items.map(({ jid }) => jid));
      cursor = page.next_cursor;
    }
    expect(all[0]).toBe('15550300@s.whatsapp.net');
    expect(new Set(all).size).toBe(21);
    expect(all).toHaveLength(21);
  });

  test('counts a person with two addresses once when their chat arrived under the other', () => {
    db.chat(ana.lid, { name: 'Ána Novák' });
    expect(found('novak')).toEqual([ana.pn]);
  });
});

describe('get', () => {
  test.each([ana.pn, ana.lid, '+1 555 0101', 'ana novak', 'ANKA'])('"%s" is one person', (who) => {
    expect(db.reader.contacts.get(who)).toMatchObject({ jid: ana.pn, ...ana, name: 'Ána Novák' });
  });

  test('shows when a person last wrote, also in a group, and which chats are shared', () => {
    const chat = db.chat(ana.pn, ana);
    db.message(chat, { timestamp: start + 10, from_me: 1 });
    const groups = [family, work].map((jid) => db.chat(jid));
    const add = db.db.prepare('INSERT INTO chat_members VALUES (?, ?, ?, ?)');
    add.run(groups[0], ana.lid, 'member', 1);
    add.run(groups[1], ana.pn, 'left', 1);
    expect(db.reader.contacts.get(ana.pn)).toMatchObject({
      chat_jid: ana.pn,
      last_interaction: '2025-01-01T00:00:10Z',
      shared_chats: 2,
    });
    db.message(groups[0] as number, { timestamp: start + 60, sender: ana.lid });
    expect(db.reader.contacts.get(ana.pn).last_interaction).toBe('2025-01-01T00:01:00Z');
  });

  test('counts a group no longer once a list of its members leaves the person out', () => {
    const group = db.chat(family);
    db.db.prepare('INSERT INTO chat_members VALUES (?, ?, ?, ?)').run(group, ana.pn, 'member', 1);
    expect(db.reader.contacts.get(ana.pn)).toMatchObject({ shared_chats: 1, chat_jid: null, last_interaction: null });
    db.db.prepare('UPDATE chats SET members_at = 2').run();
    db.reader.close();
    expect(db.reader.contacts.get(ana.pn).shared_chats).toBe(0);
  });

  test('refuses a name of two people, a group, and an unknown person, with addresses and kinds only', () => {
    db.contact('15550103@s.whatsapp.net', { push_name: 'Margaret' });
    const caught = (who: string) => {
      try {
        return db.reader.contacts.get(who);
      } catch (error) {
        return error;
      }
    };
    expect(caught('margaret')).toMatchObject({
      code: 'ambiguous_recipient',
      details: {
        candidates: [
          { jid: hidden, kind: 'direct' },
          { jid: '15550103@s.whatsapp.net', kind: 'direct' },
        ],
      },
    });
    db.chat(family, { name: 'Family' });
    expect(caught('Family')).toMatchObject({ code: 'invalid_input' });
    expect(caught('+1 555 0199')).toMatchObject({ code: 'not_found' });
  });
});
