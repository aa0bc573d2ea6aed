import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const ana = { pn: '15550101@s.whatsapp.net', lid: '200000000000001@lid' };
const shop = '15550102@s.whatsapp.net';
const hidden = '200000000000003@lid';
const stranger = '15550199@s.whatsapp.net';
const [family, work] = ['120363000000000001@g.us', '120363000000000002@g.us'];

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  db.contact(ana.pn, { ...ana, saved_name: 'Ána Novák', push_name: 'anka' });
  db.contact(shop, { pn: shop, business_name: 'Flower Shop' });
  db.contact(hidden, { lid: hidden });
  db.chat(ana.lid, { ...ana, last_message_at: start + 1 });
  db.chat(stranger, { last_message_at: start + 2 });
  db.chat(family, { name: 'Analogue family', last_message_at: start + 9 });
  db.chat(work, { name: 'Work (Ana and Ben)', last_message_at: start + 5 });
});
afterEach(() => db.close());

const complete = (subject: 'chats' | 'contacts' | 'communities', typed: string, limit = 100) =>
  db.reader.completions.complete(subject, typed, limit);
const chats = (typed: string) => complete('chats', typed).values;

describe('Completing a chat', () => {
  test.each([
    ['the beginning of a name, whatever its accents and case', 'ANA n', ['Ána Novák']],
    ['another name of the person', 'ank', ['~anka']],
    ['a word in the name, behind those that begin so', 'an', ['Analogue family', 'Ána Novák', 'Work (Ana and Ben)']],
    ['a number with its plus sign', '+1555010', ['+15550101']],
    ['a number as people write one', '+1 555-01 99', ['+15550199']],
    ['a number without its plus sign', '1555019', [stranger]],
    ['an address', '12036300', [family, work]],
    ['the beginning of nothing', 'zzz', []],
  ])('knows %s', (_, typed, values) => expect(chats(typed)).toEqual(values));

  test('offers every chat for an empty text, those with a name and the latest first', () => {
    expect(complete('chats', ' ')).toEqual({
      values: ['Analogue family', 'Work (Ana and Ben)', '+15550199', 'Ána Novák'],
      total: 4,
    });
  });

  test('counts matches beyond the limit', () => {
    expect(complete('chats', '', 2)).toEqual({ values: ['Analogue family', 'Work (Ana and Ben)'], total: 4 });
  });

  test('leaves out status posts and community parents', () => {
    db.chat('status@broadcast', { name: 'Statuses' });
    db.chat('120363000000000009@g.us', { kind: 'community', name: 'Street' });
    expect(chats('st')).toEqual([]);
  });

  test('offers only community parents when a community is wanted', () => {
    db.chat('120363000000000009@g.us', { kind: 'community', name: 'Street' });
    expect(complete('communities', 'st').values).toEqual(['Street']);
    expect(complete('communities', '')).toEqual({ values: ['Street'], total: 1 });
  });

  test('offers the address of a chat with an ambiguous name', () => {
    db.chat('120363000000000003@g.us', { name: 'ána novák', last_message_at: start + 20 });
    db.chat('120363000000000004@g.us', { name: '+1 555 0102', last_message_at: start + 19 });
    db.chat('120363000000000005@g.us', { name: 'Anagram\nclub', last_message_at: start + 18 });
    expect(chats('ana')).toEqual([
      '120363000000000003@g.us',
      'Anagram club',
      'Analogue family',
      ana.pn,
      'Work (Ana and Ben)',
    ]);
    expect(chats('+1 555 0102')).toEqual(['120363000000000004@g.us']);
  });

  test('offers only values that resolve to their chat', () => {
    for (const typed of ['', 'a', '+1', '1', '12']) {
      for (const value of chats(typed)) expect(db.reader.chats.get(value).chat_jid, value).toMatch(/@/);
    }
    expect(chats('').map((value) => db.reader.chats.resolve(value))).toEqual([family, work, stranger, ana.pn]);
  });
});

describe('Completing a person', () => {
  test('offers people with and without a chat, and no groups', () => {
    expect(complete('contacts', '')).toEqual({ values: ['+15550199', 'Ána Novák', '~Flower Shop', hidden], total: 4 });
  });

  test.each([
    ['the name of a business', 'shop', ['~Flower Shop']],
    ['somebody known by a hidden address alone', '20000', [hidden]],
    ['a number', '+15550102', ['+15550102']],
  ])('knows %s', (_, typed, values) => expect(complete('contacts', typed).values).toEqual(values));

  test('offers a person with two addresses once', () => {
    expect(complete('contacts', 'ána')).toEqual({ values: ['Ána Novák'], total: 1 });
  });
});
