import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const db = new MessagesDb();
const names = [
  ...['Ana', 'Ana Novák', 'Dr. Ana-María Núñez', 'Banana club', 'Família – Férias/Verão 2026', 'Łukasz Wójcik'],
  ...['أحمد علي', 'Straße der Musik', 'さくら組', 'Семён', 'Kit O’Brien', 'Margaret Hill'],
];
const jids = new Map(names.map((name, number) => [name, `155501001${10 + number}@s.whatsapp.net`]));
beforeAll(() => {
  for (const [name, pn] of jids) {
    db.contact(pn, { pn, saved_name: name });
    // The worse a name matches "ana", the later its chat was active.
    db.chat(pn, { pn, last_message_at: start + names.indexOf(name) });
  }
});
afterAll(() => db.close());

const listed = (query: string, sort_by: 'last_active' | 'name' = 'last_active', limit = 50) => {
  const found: (string | null)[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = db.reader.chats.list({ query, sort_by, limit, ...(cursor ? { cursor } : {}) });
    found.push(...page.items.map(({ name }) => name));
    cursor = page.next_cursor;
    if (!cursor) return found;
  }
};
const people = (query: string) => db.reader.contacts.search(query, 50).items.map(({ name }) => name);
const completed = (query: string) => db.reader.completions.complete('contacts', query, 50).values;

describe('chats, contacts and completions match alike', () => {
  test.each([
    ['ana maria nunez', ['Dr. Ana-María Núñez']],
    ['verao 2026 familia', ['Família – Férias/Verão 2026']],
    ['wojcik lukasz', ['Łukasz Wójcik']],
    ['احمد', ['أحمد علي']],
    ['STRASSE', ['Straße der Musik']],
    ['サクラ', ['さくら組']],
    ['семен', ['Семён']],
    ['obrien', ['Kit O’Brien']],
    ['margraet', ['Margaret Hill']],
    ['magraet', []],
    ['ana', ['Ana', 'Ana Novák', 'Dr. Ana-María Núñez', 'Banana club']],
  ])('"%s"', (query, expected) => {
    expect(listed(query)).toEqual(expected);
    expect(people(query)).toEqual(expected);
    expect(completed(query)).toEqual(expected);
  });

  test.each(['last_active', 'name'] as const)('best first on every page, then by %s', (sort_by) => {
    const expected = ['Ana', 'Ana Novák', 'Dr. Ana-María Núñez', 'Banana club'];
    expect(listed('ana', sort_by, 1)).toEqual(expected);
    expect(listed('ana', sort_by, 3)).toEqual(expected);
  });
});
