import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MessageFixture, MessagesDb, start } from '../../support/rows/messages-db.ts';

/** Words of each language, combined into messages; some contain others. */
const languages: Record<string, { words: string[]; join: string }> = {
  english: {
    words: ['birthday', 'birth', 'party', 'tomorrow', 'the', 'cake', 'pancakes', "it's", 'COFFEE'],
    join: ' ',
  },
  german: { words: ['Geburtstag', 'schön', 'Grüße', 'Straße', 'für', 'München', 'Überraschung'], join: ' ' },
  french: { words: ['anniversaire', 'café', 'déjà', 'garçon', 'été', 'hôtel'], join: ' ' },
  polish: { words: ['urodziny', 'źródło', 'żółć', 'święta', 'się'], join: ' ' },
  vietnamese: { words: ['sinh', 'nhật', 'chúc', 'mừng', 'được'], join: ' ' },
  russian: { words: ['рождения', 'день', 'праздник', 'ёлка', 'мой'], join: ' ' },
  greek: { words: ['γενέθλια', 'καλημέρα', 'ευχαριστώ', 'ΧΡΟΝΙΑ'], join: ' ' },
  chinese: { words: ['生日', '快乐', '会议', '今天', '明天', '吃饭', '乐会'], join: '' },
  japanese: { words: ['誕生日', 'おめでとう', 'データ', 'ありがとう', 'ケーキ', '明日'], join: '' },
  thai: { words: ['สุขสันต์', 'วันเกิด', 'พรุ่งนี้', 'ขอบคุณ', 'วัน'], join: '' },
  korean: { words: ['생일', '축하해요', '내일', '회의', '감사합니다'], join: ' ' },
  hindi: { words: ['जन्मदिन', 'मुबारक', 'कल', 'धन्यवाद', 'मीटिंग'], join: ' ' },
  arabic: { words: ['عيد', 'ميلاد', 'سعيد', 'شكرا', 'اجتماع'], join: ' ' },
  hebrew: { words: ['יום', 'הולדת', 'שמח', 'תודה'], join: ' ' },
  emoji: { words: ['🎂', '🎉', '👍🏽', '👍', '❤️', '🇩🇪', '👨‍👩‍👧', '🥹'], join: ' ' },
};

const db = new MessagesDb();
const messages: { id: string; text: string }[] = [];

/** A seeded random generator, so that every run has the same messages. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

beforeAll(() => {
  const chat = db.chat('120363000000000001@g.us');
  const pick = numbers(7);
  const add = (fields: MessageFixture) => {
    const id = `M${messages.length}`;
    db.message(chat, { id, timestamp: start + pick(100_000), content: '', ...fields });
    messages.push({ id, text: [fields.content, fields.filename, fields.title].filter(Boolean).join('\n') });
  };
  db.db.transaction(() => {
    for (const { words, join } of Object.values(languages)) {
      for (let n = 0; n < 60; n++) {
        const chosen = Array.from({ length: 1 + pick(6) }, () => words[pick(words.length)] as string);
        add({ content: `${chosen.join(join)}${['', '!', '。', ' ok', '\nzeile'][pick(5)]}` });
      }
    }
    for (const filename of ['invoice_2025-03.pdf', 'Résumé Müller.docx', '会议纪要.pdf', 'IMG-20250101-WA0001.jpg']) {
      add({ type: 'document', filename });
      add({ type: 'document', filename, content: 'see the file' });
      add({ content: 'a link', title: `about ${filename}` });
    }
  })();
  db.index.indexNew(db.db);
});
afterAll(() => db.close());

/** The expected result by LIKE: text that contains the words, ignoring case, accents and the kind of kana. */
const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f\ufe0f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60));
const like = (word: string) =>
  messages
    .filter(({ text }) => plain(text).includes(plain(word)))
    .map(({ id }) => id)
    .sort();
const found = (content: string) => db.found({ content }).sort();

describe('a search finds exactly what LIKE finds', () => {
  test.each(Object.entries(languages))('for every whole word in %s', (_language, { words }) => {
    for (const word of words) {
      expect(like(word).length, word).toBeGreaterThan(0);
      expect(found(word), word).toEqual(like(word));
    }
  });

  test.each(['chinese', 'japanese', 'thai', 'korean'])('for any part of a text in %s', (language) => {
    const texts = messages
      .map(({ text }) => text)
      .filter((text) => languages[language]?.words.some((word) => text.includes(word)));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(30), fc.integer({ min: 1, max: 5 }), (text, from, length) => {
        const part = [...(text.split(/[\s!。]/)[0] ?? '')].slice(from, from + length).join('');
        fc.pre(part !== '');
        expect(found(part), part).toEqual(like(part));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test('for any part of a word from three letters on', () => {
    const words = ['english', 'german', 'french', 'polish', 'russian', 'greek', 'hindi', 'arabic', 'hebrew'].flatMap(
      (name) => (languages[name]?.words ?? []).filter((word) => /^[\p{L}\p{M}]{4,}$/u.test(word)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.nat(6), fc.integer({ min: 3, max: 6 }), (word, from, length) => {
        const part = [...word].slice(from, from + length).join('');
        fc.pre([...part].length >= 3 && !/^\p{M}/u.test(part));
        expect(found(part), part).toEqual(like(part));
      }),
      { seed: 12, numRuns: 150 },
    );
  });

  test.each([
    'invoice',
    'invoice_2025',
    'voice_2025-03.pdf',
    '2025-03',
    'resume',
    'Müller.docx',
    '会议纪要',
    'IMG-20250101',
    'WA0001.jpg',
  ])('for the file name or title %s', (name) => {
    expect(like(name).length).toBeGreaterThan(0);
    expect(found(name)).toEqual(like(name));
  });
});

describe('several words', () => {
  const both = (one: string, other: string) => like(one).filter((id) => like(other).includes(id));

  test('must all be there, in any order, across fields and languages', () => {
    expect(both('birthday', 'cake').length).toBeGreaterThan(0);
    expect(found('birthday cake')).toEqual(both('birthday', 'cake'));
    expect(found('cake birthday cake')).toEqual(both('birthday', 'cake'));
    expect(found('会议 pdf')).toEqual(both('会议', 'pdf'));
    expect(found('see résumé')).toEqual(both('see the file', 'resume'));
  });

  test('in quotes match side by side as whole words', () => {
    const pairs = messages
      .filter(({ text }) => /(^|\W)birthday party($|\W)/.test(text))
      .map(({ id }) => id)
      .sort();
    expect(pairs.length).toBeGreaterThan(0);
    expect(found('"birthday party"')).toEqual(pairs);
    expect(found('"birth"')).toEqual(
      messages
        .filter(({ text }) => /(^|\W)birth($|\W)/.test(text))
        .map(({ id }) => id)
        .sort(),
    );
    expect(found('"birthday')).toEqual(found('birthday'));
  });

  test('in quotes do not match across two fields', () => {
    expect(found('"file invoice"')).toEqual([]);
    expect(found('"file" "invoice"').length).toBeGreaterThan(0);
  });
});

test('an emoji family is found by its members and as a whole', () => {
  expect(found('👨')).toEqual(like('👨'));
  expect(found('👨‍👩‍👧')).toEqual(like('👨‍👩‍👧'));
});

test('punctuation alone is not a word and finds nothing', () => {
  expect(db.query({ content: '?!' })).toMatchObject({ items: [], total: 0, total_is_exact: true });
});

test('no text is an error: ten thousand arbitrary strings', () => {
  const pieces = fc.constantFrom(
    '"',
    '*',
    '^',
    'AND',
    'NOT ',
    'NEAR(',
    ')',
    '{text}:',
    '-',
    '+',
    "'",
    ';--',
    '\0',
    '\ud800',
    '%',
    '_',
    '会',
    '🎂',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 12 }).map((parts) => parts.join('')),
  );
  let asked = 0;
  fc.assert(
    fc.property(text, (content) => {
      asked++;
      const { items, total } = db.query({ content, limit: 5 });
      expect(items.length).toBeLessThanOrEqual(total);
    }),
    { seed: 13, numRuns: 10_000 },
  );
  expect(asked).toBe(10_000);
});

test('very long texts are no error either', () => {
  for (const content of [
    'word '.repeat(20_000),
    'x'.repeat(100_000),
    '"'.repeat(9999),
    '会'.repeat(5000),
    'a-'.repeat(5000),
  ]) {
    expect(() => db.query({ content })).not.toThrow();
  }
  const many = Array.from({ length: 3000 }, (_, number) => `w${number}`).join(' ');
  expect(db.query({ content: many }).items).toEqual([]);
});
