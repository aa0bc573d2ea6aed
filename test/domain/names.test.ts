import { describe, expect, test } from 'vitest';
import { bareName, chosenName, impersonates, shownName, skeleton } from '../../src/domain/names.ts';
import { hostileNames, hostileText, saved, steers } from '../support/hostile/texts.ts';

describe('A shown name', () => {
  test.each([
    ['stands on one line', ' Wren\r\n \u2028Tolland\t', 'Wren Tolland'],
    ['has nothing that nobody sees', 'W\u200br\u00aden\u2060\ufeff\u3164\u{e0041}', 'Wren'],
    ['is not turned round', '\u202enerW\u202c \u2066x\u2069', 'nerW x'],
    ['steers no terminal', '\u001b[31mWren\u0007\u009b\u007f', '[31mWren'],
    ['keeps its accents and scripts', 'Ána 誕生日 עברית', 'Ána 誕生日 עברית'],
    [
      'keeps the joiners that letters and emoji need',
      'نوری\u200cزاده 👩\u200d👧 ❤\ufe0f',
      'نوری\u200cزاده 👩\u200d👧 ❤\ufe0f',
    ],
    ['is empty when nothing is left', '\u200b\u202e \u3164', ''],
  ])('%s', (_, name, shown) => expect(shownName(name)).toBe(shown));

  test('is empty where there is none', () => {
    expect([shownName(null), shownName(undefined), shownName('')]).toEqual(['', '', '']);
  });

  test('contains no control characters, whatever the input', () => {
    expect(steers(hostileText)).toBe(true);
    for (const name of Object.values(hostileNames)) expect(steers(shownName(name)), name).toBe(false);
  });
});

describe('Two names', () => {
  test.each([
    [hostileNames['another person in Cyrillic']],
    [hostileNames['another person with a space that nobody sees']],
    [hostileNames['another person in wide letters']],
    ['WREN TOLLAND'],
    ['Wren ToIIand'],
    ['Wren Tol1and'],
    ['Wr\u00e9n T\u03bflland'],
    ['VVren Tolland'],
    ['W\u0433en-Tolland'],
  ])('%s and the saved name look alike', (name) => expect(skeleton(name)).toBe(skeleton(saved)));

  test.each([['Wren'], ['Wren Holland'], ['Wren Tolland 🌸'], ['']])(
    '%s and the saved name do not look alike',
    (name) => expect(skeleton(name)).not.toBe(skeleton(saved)),
  );

  test('that differ in vowel signs do not look alike', () => {
    expect(skeleton('राम')).not.toBe(skeleton('रमि'));
  });
});

describe('A number, an address or the user', () => {
  test.each([
    ['+15550100001'],
    ['+1 (555) 010-0001'],
    ['\uff0b１５５５０１００００１'],
    ['+1555O1OOOO1'],
    ['\u0661\u0665\u0665\u0665\u0660\u0661\u0660\u0660'],
    ['15550100001@s.whatsapp.net'],
    ['You'],
    ['Yοu ✨'],
    ['me'],
    ['Me (You)'],
  ])('is imitated by %s', (name) => expect(impersonates(name)).toBe(true));

  test.each([['Wren'], ['Youssef'], ['Agent 007'], ['Olli'], ['Mei'], ['']])('is not imitated by %s', (name) =>
    expect(impersonates(name)).toBe(false),
  );
});

describe('A chosen name', () => {
  test.each([
    ['Wren', '~Wren'],
    ['~~ Wren', '~Wren'],
    ['\u223c\u200bWren', '~Wren'],
    ['\u200b', ''],
  ])('%s is shown with one mark', (name, shown) => expect(chosenName(name)).toBe(shown));

  test('is found again without its prefix', () => {
    expect(['~Wren', '+15550100110 ~Wren Tolland', 'Wren', '~'].map(bareName)).toEqual([
      'Wren',
      'Wren Tolland',
      'Wren',
      '~',
    ]);
  });
});
