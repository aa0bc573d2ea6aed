import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb } from '../../support/rows/messages-db.ts';

const pn = (digits: string) => `${digits}@s.whatsapp.net`;
const [mexican, brazilian, argentine] = [pn('5215555550100'), pn('553195550100'), pn('541155550100')];
const kit = pn('15550100134');

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  db.contact(mexican, { pn: mexican, lid: '200000000000001@lid', saved_name: 'Ximena' });
  db.chat(brazilian, { pn: brazilian });
  db.contact(argentine, { pn: argentine, push_name: 'Ana' });
  db.chat(kit, { pn: kit });
});
afterEach(() => db.close());

const resolve = (recipient: string) => db.reader.chats.resolve(recipient);

describe('a number in the other form of its country', () => {
  test.each([
    ['a contact in Mexico', '+52 55 5555 0100', mexican],
    ['the form that is known', '+52 1 55 5555 0100', mexican],
    ['a chat in Brazil', '+55 31 99555-0100', brazilian],
    ['its own form', '553195550100', brazilian],
    ['a contact in Argentina', '+54 9 11 5555 0100', argentine],
    ['a link', 'https://wa.me/525555550100', mexican],
  ])('is %s', (_, asked, jid) => expect(resolve(asked)).toBe(jid));

  test('is kept as asked where none is known', () => {
    expect(resolve('+52 55 5555 0199')).toBe(pn('525555550199'));
    expect(resolve('+52 1 55 5555 0199')).toBe(pn('5215555550199'));
  });

  test('is refused with both addresses where both are known, and each address stays possible', () => {
    const other = pn('525555550100');
    db.chat(other, { pn: other });
    for (const asked of ['+52 55 5555 0100', '5215555550100']) {
      expect(() => resolve(asked)).toThrow(
        expect.objectContaining({
          code: 'ambiguous_recipient',
          details: { candidates: expect.arrayContaining([other, mexican].map((jid) => ({ jid, kind: 'direct' }))) },
        }),
      );
    }
    expect([resolve(other), resolve(mexican)]).toEqual([other, mexican]);
  });

  test('is one person where both forms belong to the same one', () => {
    const id = db.db.prepare('SELECT id FROM contacts WHERE jid = ?').pluck().get(mexican);
    db.db.prepare('INSERT INTO contact_aliases VALUES (?, ?)').run(pn('525555550100'), id);
    expect(resolve('+52 55 5555 0100')).toBe(mexican);
  });

  test('finds the person, the chat and the messages', () => {
    const group = db.chat('120363000000000001@g.us');
    db.message(group, { id: 'M', sender: mexican });
    const people = (query: string) => db.reader.contacts.search(query, 10).items.map(({ jid }) => jid);
    const chats = (query: string) =>
      db.reader.chats.list({ sort_by: 'last_active', limit: 10, query }).items.map(({ chat_jid }) => chat_jid);
    expect(people('+52 55 5555 0100')).toEqual([mexican]);
    expect(people('+55 31 99555-0100')).toEqual([brazilian]);
    expect(chats('+55 31 99555-0100')).toEqual([brazilian]);
    expect(db.found({ sender: '+52 55 5555 0100' })).toEqual(['M']);
    expect(db.reader.completions.complete('contacts', '+52 55 5555', 10).values).toEqual([]);
    expect(db.reader.completions.complete('contacts', '+52 55 5555 0100', 10).total).toBe(1);
  });
});

describe('a recipient as it was copied', () => {
  test.each([
    '\u202a+1 (555) 010\u20110134\u202c',
    'tel:+1-555-010-0134',
    'https://wa.me/15550100134?text=hi',
    '+１ ５５５ ０１０ ０１３４',
    '\u2068+15550100134 ~Kit\u2069',
    '\u200e15550100134@s.whatsapp.net\u200f',
    '\ufeff15550100134@c.us',
  ])('"%s" is one person', (asked) => expect(resolve(asked)).toBe(kit));

  test.each(['0555 010 0134', '(555) 010-0134', '٠١٠٠١٣٤'])('"%s" finds the chat by its end', (query) => {
    const { items } = db.reader.chats.list({ sort_by: 'last_active', limit: 10, query });
    expect(items.map(({ chat_jid }) => chat_jid)).toEqual([kit]);
    expect(db.reader.contacts.search(query, 10).items.map(({ jid }) => jid)).toEqual([kit]);
  });

  test('a link to something else is no recipient', () => {
    expect(() => resolve('https://wa.me/message/ABCDEFGHIJK0P1')).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});
