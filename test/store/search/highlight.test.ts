import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../../../src/domain/fold.ts';
import { highlighter } from '../../../src/store/search/highlight.ts';
import { comparable, splitWords } from '../../../src/store/search/words.ts';
import { MessagesDb } from '../../support/rows/messages-db.ts';
import { otherPairs } from '../../support/words/more-pairs.ts';
import { casedPairs } from '../../support/words/pairs.ts';

const marked = (query: string, text: string) => {
  const span = highlighter(query)(text);
  return span && text.slice(span.start, span.end);
};

describe('what is marked in a text', () => {
  test.each([
    ['a word', 'strasse', 'Hauptstraße 7', 'Hauptstraße'],
    ['a word of which marks were left out', 'lodzi', 'do Łodzi i', 'Łodzi'],
    ['a phrase', '"final flow"', 'the ﬁnal ﬂow!', 'ﬁnal ﬂow'],
    ['a number', '0100134', 'call +1 (555) 010-0134 now', '1 (555) 010-0134'],
    ['a number over words of the query', '+1 555 010 0134', 'call 15550100134', '15550100134'],
    ['a word in parts', 'email', 'an e-mail', 'e-mail'],
    ['invisible characters in a word', 'softhyphen', 'a soft\u00adhyphen', 'soft\u00adhyphen'],
    ['the first of several', 'cake birthday', 'a birthday cake', 'birthday'],
    ['signs of several letters', 'kg', 'for 5㎏ of', '㎏'],
    ['nothing where nothing matches', 'absent', 'a text', undefined],
    ['nothing for punctuation', '?!', 'a text?!', undefined],
  ])('%s', (_, query, text, expected) => expect(marked(query, text)).toBe(expected));
});

describe('for any message that a search finds', () => {
  const texts: string[] = Object.values({ ...casedPairs, ...otherPairs })
    .flat()
    .flatMap(([written, typed]) => [`${written}`, typed]);
  const db = new MessagesDb();
  const filler = 'Lorem ipsum dolor sit amet consectetur adipiscing elit. '.repeat(4);
  beforeAll(() => {
    const chat = db.chat('120363000000000001@g.us');
    for (const text of texts) db.message(chat, { content: `${filler}${text.replaceAll('\n', ' ')} ${filler}` });
    db.index.indexNew(db.db);
  });
  afterAll(() => db.close());

  const piece = fc.constantFrom(...texts.flatMap((text) => [text, ...text.split(' ')]));
  const query = fc.oneof(
    piece,
    fc.tuple(piece, fc.nat(6), fc.integer({ min: 1, max: 6 })).map(([text, at, length]) => text.substr(at, length)),
    fc.tuple(piece, piece).map((both) => both.join(' ')),
    piece.map((text) => `"${text}"`),
  );

  test('the snippet is well-formed and shows what matched', () => {
    let found = 0;
    fc.assert(
      fc.property(query, (content) => {
        fc.pre(content.trim() !== '');
        for (const { snippet, content: text } of db.query({ content, limit: 20 }).items) {
          found++;
          const match = marked(content, text);
          expect(match, `${content} in ${text}`).toBeTruthy();
          expect(snippet.isWellFormed()).toBe(true);
          expect(fold(snippet), content).toContain(fold(match as string));
        }
      }),
      { seed: 43, numRuns: 250 },
    );
    expect(found).toBeGreaterThan(400);
  });

  test('its own words find it, in any case and composition', () => {
    fc.assert(
      fc.property(fc.nat(texts.length - 1), fc.constantFrom('NFC', 'NFD'), fc.boolean(), (at, form, isUpper) => {
        const text = texts[at] as string;
        const words = splitWords(comparable(text));
        fc.pre(words.length > 0 && !text.includes('"') && !/\u0345/.test(text.normalize('NFD')));
        const typed = (isUpper ? text.toUpperCase() : text).normalize(form);
        expect(highlighter(typed)(text), typed).toBeDefined();
        expect(db.found({ content: typed })).toContain(`MSG${String(at + 1).padStart(6, '0')}`);
      }),
      { seed: 44, numRuns: 250 },
    );
  });
});
