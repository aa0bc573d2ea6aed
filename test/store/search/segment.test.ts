import { afterAll, describe, expect, test } from 'vitest';
import { isSingle, segment } from '../../../src/store/search/segment.ts';
import { Tokenizer } from '../../../src/store/search/tokenizer.ts';

const tokenizer = new Tokenizer();
afterAll(() => tokenizer.close());
const tokens = (text: string) => tokenizer.tokens([text])[0];

describe('segmentation', () => {
  test('plain text is unchanged', () => {
    const text = 'Hello, world! (2025-01-01) a_b/c: "x" 100%';
    expect(segment(text)).toBe(text);
  });

  test.each([
    ['Chinese', '今天开会', ['今', '天', '开', '会']],
    ['Japanese with its long vowel mark', 'データは、ある', ['デ', 'ー', 'タ', 'は', 'あ', 'る']],
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

  test('several texts stay separate, and calls are independent', () => {
    expect(tokenizer.tokens(['one two', '', '!', 'three'])).toEqual([['one', 'two'], [], [], ['three']]);
    expect(tokenizer.tokens(['four'])).toEqual([['four']]);
  });
});
