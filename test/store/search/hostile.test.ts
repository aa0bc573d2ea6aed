import { afterAll, describe, expect, test } from 'vitest';
import { MessagesDb } from '../../support/rows/messages-db.ts';

/** Two stores of 200 messages: they are only read, so all cases share them. */
const stores = { 'read from messages.db': filled(), indexed: filled() };
stores.indexed.index.indexNew(stores.indexed.db);
const { indexed: db } = stores;
afterAll(() => {
  for (const store of Object.values(stores)) store.close();
});

function filled(): MessagesDb {
  const filling = new MessagesDb();
  const chat = filling.chat('120363000000000001@g.us', { name: 'Family' });
  filling.db.transaction(() => {
    for (let serial = 0; serial < 200; serial++) {
      filling.message(chat, { content: `a b c 日本語 नमस्ते "quoted" NEAR AND OR NOT * ( ) word${serial}` });
    }
  })();
  return filling;
}

const hostile = [
  ...['AND', 'OR NOT', 'NEAR(a b, 5)', 'a AND', 'a* *', '*', '^a', '-a', 'content:a', '{a b}:c', '(((', 'a + b'],
  ...['"', '"a', '"""', "'; DROP TABLE messages; --", '%_%', '\\', '\0', 'a\0b', '\ud800', 'a\udc00b', '\u202e\u200b'],
  ...['日'.repeat(500), 'e\u0301'.repeat(250), '\u0301'.repeat(500), 'a '.repeat(250), `${'"a" '.repeat(125)}`],
  ...['☎️👩‍👩‍👧'.repeat(40), ' \t\n ', 'x'.repeat(500)],
];

describe.each(Object.entries(stores))('a hostile search, %s', (_way, store) => {
  test.each(hostile.map((query) => [JSON.stringify(query).slice(0, 40), query]))('of %s is answered', (_, content) => {
    const found = store.query({ content, limit: 500 });
    expect(found.items.length).toBeLessThanOrEqual(500);
    expect(found.total).toBeGreaterThanOrEqual(found.items.length);
    expect(store.query({ content: 'word7', limit: 5 }).items.length).toBeGreaterThan(0);
  });
});

test.each(['', 'x', '\0', '{}', 'null', `${'A'.repeat(1000)}`, Buffer.from('[1e999,null]').toString('base64url')])(
  'a forged cursor %j is refused or starts from the beginning',
  (cursor) => {
    let code: unknown;
    try {
      db.query({ content: 'a', limit: 5, cursor });
    } catch (error) {
      code = (error as { code: unknown }).code;
    }
    expect([undefined, 'invalid_input']).toContain(code);
    if (cursor !== '') expect(code).toBe('invalid_input');
  },
);

test.each([0, -1, 501, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a limit of %s is refused', (limit) => {
  expect(() => db.query({ content: 'a', limit })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
