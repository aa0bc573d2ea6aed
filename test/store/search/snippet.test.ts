import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlighter } from '../../../src/store/search/highlight.ts';
import { snippet as cut } from '../../../src/store/search/snippet.ts';

const snippet = (text: string, words: string[]) => cut(text, highlighter(words.join(' ')));

const filler = 'lorem ipsum dolor sit amet consectetur '.repeat(10);

describe('a snippet', () => {
  test('of a short text is the text on one line', () => {
    expect(snippet('  hello\n\n  world ', ['world'])).toBe('hello world');
    expect(snippet('', ['x'])).toBe('');
  });

  test('of a long text is about 120 characters around the first word found, cut between words', () => {
    const text = `${filler}the RÉSUMÉ is here ${filler}`;
    const part = snippet(text, ['absent', 'resume']);
    expect(part).toContain('the RÉSUMÉ is here');
    expect(part).toMatch(/^…\S.*\S…$/);
    expect(part.length).toBeLessThanOrEqual(122);
    for (const word of part.replaceAll('…', '').split(' ')) expect(text.split(' ')).toContain(word);
  });

  test('shows the whole match where the last space before the cut is inside it', () => {
    const phrase = `${'r'.repeat(35)} ${'s'.repeat(15)}`;
    const text = `${'p '.repeat(50)}${'q'.repeat(58)} ${phrase}.${'t'.repeat(200)}`;
    expect(snippet(text, [`"${phrase}"`])).toContain(phrase);
  });

  test('shows the beginning when no word matches', () => {
    expect(snippet(filler, [])).toMatch(/^lorem ipsum .*…$/);
    expect(snippet(filler, ['absent'])).toBe(snippet(filler, []));
  });

  test('finds its place after characters that fold to more or fewer', () => {
    const text = `${'ﬁ İ ẞ é 👨‍👩‍👧 ½ \u00ad '.repeat(30)}needle ${filler}`;
    expect(snippet(text, ['needle'])).toContain('needle');
  });

  test('works without spaces and never splits a character', () => {
    expect(snippet(`${'今天天气'.repeat(100)}生日快乐${'🎂'.repeat(100)}`, ['生日'])).toContain('生日快乐');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('🎂', '会', 'a', 'é', '🎉'), { minLength: 100, maxLength: 400 }),
        fc.constantFrom('🎂', 'é', 'x'),
        (parts, word) => {
          const part = snippet(parts.join(''), [word]);
          expect(part).not.toMatch(/\p{Surrogate}/u);
          expect(part.length).toBeLessThanOrEqual(123);
        },
      ),
      { seed: 31, numRuns: 300 },
    );
  });
});
