import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, foldWithPlaces } from '../../src/domain/fold.ts';

test('folding removes case and accents and keeps everything else', () => {
  expect(fold('ÉCOLE Ñandú')).toBe('ecole nandu');
  expect(fold('Straße ЁЛКА 会议 जन्मदिन')).toBe('strasse елка 会议 जन्मदिन');
});

describe('marks', () => {
  test.each([
    ['leave Latin, Greek, Arabic and Hebrew', 'ǻ ΐ أُ שָׁ', 'a ι ا ש'],
    ['stay where they make another Cyrillic letter', 'Й ї ў ѓ ќ ё е́', 'й ї ў ѓ ќ е е'],
    ['stay in Indic scripts, but for the nukta of borrowed words', 'कि क् क़ ड़', 'कि क् क ड़'],
    ['stay in Thai and kana', 'ก้ ガ ぱ', 'ก้ が ぱ'],
    ['leave digits and signs', '1\u20e3 ❤\ufe0f 5\u0301', '1 ❤ 5'],
    ['do not join letters of Hangul that are typed alone', 'ㅎㅏ ﾾￂ', 'ㅎㅏ ㅎㅏ'],
    ['that stand alone stay signs', '´ ¨ ゛', '´ ¨ ゛'],
  ])('%s', (_, text, folded) => expect(fold(text)).toBe(folded.normalize('NFC')));
});

test('digits of every script are ASCII digits of the same value', () => {
  let scripts = 0;
  for (const system of Intl.supportedValuesOf('numberingSystem')) {
    const digits = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(9_876_543_210);
    if (!/^\p{Nd}{10}$/u.test(digits)) continue;
    scripts++;
    expect(fold(digits), system).toBe('9876543210');
  }
  expect(scripts).toBeGreaterThan(40);
});

/** Every character, without most of the ideographs, syllables and private ones, which have no other forms. */
function* everyCharacter(): Generator<string> {
  const skipped = new Map([
    [0x3500, 0x9f00],
    [0xac80, 0xd700],
    [0xe100, 0xf800],
    [0x18000, 0x1af00],
    [0x20000, 0x2f800],
    [0x30000, 0xe0000],
    [0xe0200, 0x10ff00],
  ]);
  for (let code = 0; code <= 0x10ffff; code = skipped.get(code + 1) ?? code + 1) yield String.fromCodePoint(code);
}

describe('for every character of Unicode', () => {
  const broken = (isSound: (char: string) => boolean) => [...everyCharacter()].filter((char) => !isSound(char));

  test('folding twice changes nothing', () => {
    expect(broken((char) => fold(fold(char)) === fold(char))).toEqual([]);
  });

  test('either case and either composition fold alike', () => {
    const apart = broken((char) => {
      const others = [char.toLowerCase(), char.toUpperCase(), char.normalize('NFC'), char.normalize('NFD')];
      return others.every((other) => fold(other) === fold(char));
    });
    // Greek iota below a letter is a mark, but a letter in upper case.
    expect(apart.filter((char) => !char.normalize('NFD').includes('\u0345'))).toEqual([]);
  });

  test.each(['か', 'и', 'क', 'ㄱ'])('folding by letter gives the same behind %s', (base) => {
    const apart = broken((char) => {
      const text = `${base}${char.toWellFormed()}`;
      return foldWithPlaces(text).folded === fold(text) && fold(fold(text)) === fold(text);
    });
    expect(apart).toEqual([]);
  });
});

describe('for any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
    fc.string({
      unit: fc.constantFrom(...'aÉßıİςЙёが ｶﾞ하하\u0301\u0308\u3099\u093c\u0654\u200c\u200d\u00ad\ud83c\udf82క् ३٣-’'),
      maxLength: 20,
    }),
  );

  test('it never throws, is idempotent and well-formed, and gives the same by letter', () => {
    fc.assert(
      fc.property(text, (any) => {
        const folded = fold(any);
        expect(folded.isWellFormed()).toBe(true);
        expect(fold(folded)).toBe(folded);
        const placed = foldWithPlaces(any);
        expect(placed.folded).toBe(folded);
        expect(placed.starts).toHaveLength(folded.length);
        expect(placed.ends).toHaveLength(folded.length);
        for (const [unit, start] of placed.starts.entries()) {
          expect(start).toBeGreaterThanOrEqual(placed.starts[unit - 1] ?? 0);
          expect(placed.ends[unit]).toBeGreaterThan(start);
        }
      }),
      { seed: 41, numRuns: 3000 },
    );
  });

  test('texts fold one by one as together, with a space between', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const letters = `${one} ${other.replace(/^(?:\p{M}|\p{Default_Ignorable_Code_Point}|[ﾞﾟ])+/u, '')}`;
        expect(fold(letters)).toBe(`${fold(one)} ${fold(letters.slice(one.length + 1))}`);
      }),
      { seed: 42, numRuns: 3000 },
    );
  });
});
