import { describe, expect, test } from 'vitest';
import { comparable, indexedText, isSingle, joinedWords, splitWords } from '../../../src/store/search/words.ts';

const tokens = (text: string) => splitWords(comparable(text));
const joined = (text: string) => joinedWords(comparable(text)).map((word) => word.text);

describe('segmentation', () => {
  test('plain text is split at everything that is no letter or digit', () => {
    const text = 'Hello, world! (2025-01-01) a_b/c: "x" 100%';
    expect(tokens(text).join(' ')).toBe('hello world 2025 01 01 a b c x 100');
  });

  test.each([
    ['Chinese', '今天开会', ['今', '天', '开', '会']],
    ['Japanese with its long vowel mark', 'データは、ある', ['で', 'ー', 'た', 'は', 'あ', 'る']],
    ['Korean syllables', '생일 축하', ['생', '일', '축', '하']],
    ['Thai vowel signs', 'วันนี้', ['ว', 'ั', 'น', 'น', 'ี', '้']],
    ['Lao', 'ລາວ', ['ລ', 'າ', 'ວ']],
    ['Khmer', 'ខ្មែរ', ['ខ', '្', 'ម', 'ែ', 'រ']],
    ['Burmese', 'မြန်မာ', ['မ', 'ြ', 'န', '်', 'မ', 'ာ']],
    ['rare characters beyond the basic plane', '𠀀𰀀', ['𠀀', '𰀀']],
    ['a word next to characters', 'iPhone手机', ['iphone', '手', '机']],
    ['code between backticks', 'run`npm`now', ['run', '`', 'npm', '`', 'now']],
  ])('%s: every character is a word', (_name, text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  test.each([
    ['Hindi words keep their vowel signs', 'जन्मदिन मुबारक', ['जन्मदिन', 'मुबारक']],
    ['Arabic words stay whole', 'عيد ميلاد', ['عيد', 'ميلاد']],
    ['accents and case are folded', 'Čeština RÉSUMÉ', ['cestina', 'resume']],
    ['punctuation is nothing', '?! … — ,', []],
    ['a NUL character separates', 'a\0b', ['a', 'b']],
  ])('%s', (_name, text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  test('composed and decomposed text are equal', () => {
    for (const text of ['생일', 'résumé', 'がぎ']) expect(tokens(text.normalize('NFD'))).toEqual(tokens(text));
  });

  test('every emoji is one word, whatever its age, with or without its variation selector', () => {
    for (const emoji of ['🎂', '🥹', '🫠', '🫨', '‼', '↔', '❤']) expect(tokens(`a${emoji}b`)).toHaveLength(3);
    expect(tokens('❤️')).toEqual(tokens('❤'));
    expect(tokens('🎂')).not.toEqual(tokens('🎁'));
    expect(tokens('👍🏽')).toEqual([...(tokens('👍') ?? []), '🏽']);
  });

  test('a token that is a word by itself is recognised', () => {
    for (const text of ['会', 'ー', '생', 'ว', '🎂', '🏽']) expect(isSingle(tokens(text)?.[0] ?? ''), text).toBe(true);
    for (const text of ['hello', 'जन्मदिन', 'é', '7']) expect(isSingle(tokens(text)?.[0] ?? ''), text).toBe(false);
  });

  test('half a character is one word of its own', () => {
    expect(tokens('a\ud800b')).toEqual(['a', '\ufffd', 'b']);
  });
});

describe('words that are written in parts', () => {
  test.each([
    ['a hyphen', 'an E-Mail, a wi\u2011fi', ['email', 'wifi']],
    [
      'an apostrophe of any kind',
      "don't l’été oʻzbek oʼzbek o`zbek don´t",
      [...['dont', 'lete', 'ozbek', 'ozbek', 'ozbek', 'dont']],
    ],
    ['a zero-width non-joiner', 'می\u200cخواهم', ['ميخواهم']],
    ['a quotation mark in a Hebrew acronym', 'צה"ל צה״ל "שלום"', ['צהל', 'צהל']],
    ['groups of digits', '+1 (555) 010-0134 and 2025-03-14', ['15550100134', '20250314']],
    ['letters and digits', 'IMG-20250101-WA0001.jpg', ['img20250101wa0001']],
  ])('are joined over %s', (_, text, expected) => expect(joined(text)).toEqual(expected));

  test('stay apart between sentences, in few digits and where they would be too long', () => {
    expect(joined("one - two, 'three' four—five 1-2, 12.34")).toEqual([]);
    expect(joined('a-'.repeat(5000))).toEqual([]);
    expect(joined('12 '.repeat(5000))).toEqual([]);
  });

  test('stand behind all fields in the index, with a mark between', () => {
    expect(indexedText(['An E-Mail', '', 'wi–fi ^^'])).toBe('an e-mail \uf8ff wi fi ^ ^ \uf8ff email \uf8ff wifi');
  });
});
