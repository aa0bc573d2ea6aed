import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MessagesDb } from '../../support/rows/messages-db.ts';
import before from './found-before.json' with { type: 'json' };

/** Parts of a word that hold fewer than three letters besides points and invisible characters, or half a letter. */
const noLonger = ['ْحَب', 'كُمْ', 'ׁלוֹ', 'ּרא', '\u2068An', 'അവന്'];

/**
 * Results of the index that folded by SQLite's tables, over texts of 60 languages: each word of them, with and without
 * its punctuation, parts of words, pairs in both orders and phrases. What it found stays found.
 */
const db = new MessagesDb();
beforeAll(() => {
  const chat = db.chat('120363000000000001@g.us');
  for (const [number, content] of before.texts.entries()) db.message(chat, { id: String(number), content });
});
afterAll(() => db.close());

const entries = Object.entries<number[]>(before.found).filter(([query]) => !noLonger.includes(query));

describe.each([
  ['read from messages.db', (): unknown => undefined],
  ['indexed', (): unknown => db.index.indexNew(db.db)],
] as const)('%s', (_, prepare) => {
  test('every message that was found before is found', () => {
    prepare();
    const lost = entries.flatMap(([query, wanted]) => {
      const found = new Set(db.found({ content: query }).map(Number));
      return wanted.filter((number) => !found.has(number)).map((number) => `${query} in ${before.texts[number]}`);
    });
    expect(lost).toEqual([]);
  });
});
