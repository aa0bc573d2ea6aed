import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MessagesDb } from '../../support/rows/messages-db.ts';
import { otherPairs } from '../../support/words/more-pairs.ts';
import { casedPairs, type Pair } from '../../support/words/pairs.ts';

const languages = Object.entries({ ...casedPairs, ...otherPairs });
const pairs: readonly Pair[] = languages.flatMap(([, rows]) => rows);

const db = new MessagesDb();
const ids = new Map<string, string>();
beforeAll(() => {
  const chat = db.chat('120363000000000001@g.us');
  for (const content of new Set(pairs.map(([written]) => written))) {
    const id = String(ids.size);
    ids.set(content, id);
    db.message(chat, { id, content });
  }
});
afterAll(() => db.close());

const outcome = (written: string, typed: string) =>
  db.found({ content: typed }).includes(ids.get(written) as string) ? 'found' : 'not';

test('the table has at least 150 pairs in 20 languages, some of them not found on purpose', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(150);
  expect(languages.length).toBeGreaterThanOrEqual(20);
  expect(pairs.filter(([, , found]) => found === 'not').length).toBeGreaterThanOrEqual(20);
});

describe.each([
  ['read from messages.db', (): unknown => undefined],
  ['indexed', (): unknown => db.index.indexNew(db.db)],
] as const)('%s: what was written is found by what people type', (_, prepare) => {
  beforeAll(() => {
    prepare();
  });

  test.each(languages)('in %s', (_language, rows) => {
    const wrong = rows.filter(([written, typed, found = 'found']) => outcome(written, typed) !== found);
    expect(wrong).toEqual([]);
  });
});
