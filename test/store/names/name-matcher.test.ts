import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOneTypoFrom, nameMatcher } from '../../../src/store/names/name-matcher.ts';

const matches = (query: string, name: string) => nameMatcher(query)(name) !== undefined;

describe('a name matches', () => {
  test.each([
    ['ana novak', 'Ána Novák'],
    ['ÁNA', 'ana'],
    ['novak', 'Ána Novák'],
    ['nov an', 'Ána Novák'],
    ['jonsdottir', 'Björk Jónsdóttir'],
    ['margaert', 'Margaret Hill'],
    ['margret', 'Margaret Hill'],
    ['marggaret', 'Margaret Hill'],
    ['mXrgaret', 'Margaret Hill'],
    ['bakry', 'Bakery & Sons'],
    ['田', '山田 太郎'],
    ['Мария', 'мария Иванова'],
    ['shop', 'Flower-Shop'],
    ['ana maria nunez', 'Dr. Ana-María Núñez'],
    ['verao 2026 familia', 'Família – Férias/Verão 2026'],
    ['obrien', 'Kit O’Brien'],
    ["o'brien", 'OBrien'],
    ['jeanluc', 'Jean-Luc Picot'],
    ['anamaria', 'Dr. Ana-María'],
    ['~ana', 'Ana'],
    ['ana', '~Ana'],
    ['lukasz', 'Łukasz Wójcik'],
    ['strasse', 'Straße der Musik'],
    ['احمد', 'أحمد علي'],
    ['فاطمه', 'فاطمة'],
    ['علی رضا', 'علی\u200cرضا'],
    ['サクラ', 'さくら組'],
    ['२०२५', 'Trip 2025'],
    ['семен', 'Семён'],
    ['जोशी', 'अमित जोशी'],
    ['arg aret', 'Margaret'],
  ])('"%s" finds "%s"', (query, name) => expect(matches(query, name)).toBe(true));

  test.each([
    ['ada', 'Ida'],
    ['mragraet', 'Margaret Hill'],
    ['margaret smith', 'Margaret Hill'],
    ['novak ben', 'Ána Novák'],
    ['anna', 'Anan'],
    ['12346', 'Room 12345'],
    ['room12346', 'room12345'],
    ['мои', 'Мой дом'],
    ['शि', 'जोशी'],
    ['ri ma', 'Maria'],
    ['x', ''],
  ])('"%s" does not find "%s"', (query, name) => expect(matches(query, name)).toBe(false));

  test('best when it is equal, worst after a typo', () => {
    const rank = nameMatcher('Annika');
    const ranks = ['ánnika', 'Annika Bell', 'Bell Annika', 'Hannikason', 'Anniak'].map(rank);
    expect(ranks).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('one typo', () => {
  const word = fc.stringMatching(/^[a-z]{5,12}$/);
  const place = fc.nat(11);
  const letter = fc.constantFrom('q', 'x');

  test('of any kind at any place is allowed', () => {
    fc.assert(
      fc.property(word, place, letter, (text, at, other) => {
        const i = at % text.length;
        const wrong = text.slice(0, i) + other + text.slice(i + 1);
        const more = text.slice(0, i) + other + text.slice(i);
        const swapped = text.slice(0, i) + (text[i + 1] ?? '') + text[i] + text.slice(i + 2);
        for (const typed of [wrong, more, swapped]) expect(isOneTypoFrom(typed, text), typed).toBe(true);
        if (text.length > 5) expect(isOneTypoFrom(text.slice(0, i) + text.slice(i + 1), text)).toBe(true);
      }),
    );
  });

  test('is the limit: two wrong letters make another word', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-f]{5,9}$/), fc.nat(3), (text, at) => {
        const typed = `${text.slice(0, at)}q${text.slice(at + 1, -1)}x`;
        expect(isOneTypoFrom(typed, text)).toBe(false);
      }),
    );
  });
});
