import { fold } from '../../domain/fold.ts';

/** How well a name matches a query: lower is better. */
const ranks = { same: 0, start: 1, words: 2, inside: 3, typo: 4 } as const;

/** Shorter words are too similar to each other to allow a typo. */
const shortestWithTypo = 4;

const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

/**
 * Rates how well a name matches, undefined when it does not. Ignores case and accents, and allows one typo in each
 * word.
 */
export function nameMatcher(query: string): (name: string) => number | undefined {
  const wanted = fold(query.trim());
  const words = wordsOf(wanted);
  return (name) => {
    const folded = fold(name);
    if (folded === wanted) return ranks.same;
    if (folded.startsWith(wanted)) return ranks.start;
    const parts = wordsOf(folded);
    const all = (fits: (word: string, part: string) => boolean) =>
      words.length > 0 && words.every((word) => parts.some((part) => fits(word, part)));
    if (all((word, part) => part.startsWith(word))) return ranks.words;
    if (wanted !== '' && folded.includes(wanted)) return ranks.inside;
    return all((word, part) => part.startsWith(word) || isOneTypoFrom(word, part)) ? ranks.typo : undefined;
  };
}

/** One letter wrong, missing or extra, or two neighbours swapped; also tries the beginning of a longer word. */
export function isOneTypoFrom(word: string, part: string): boolean {
  if (word.length < shortestWithTypo) return false;
  return [-1, 0, 1].some((more) => differByOne(word, part.slice(0, word.length + more)));
}

function differByOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  if (a.length > b.length) return a.slice(at + 1) === b.slice(at);
  if (a.length < b.length) return a.slice(at) === b.slice(at + 1);
  if (a.slice(at + 1) === b.slice(at + 1)) return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
