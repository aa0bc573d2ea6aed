import { chosenMark } from '../../domain/names.ts';
import { nameKey } from './key.ts';

/** How well a name matches a query: lower is better. */
export const nameRanks = { same: 0, start: 1, words: 2, inside: 3, typo: 4 } as const;

/** Shorter words are too similar to each other to allow a typo. */
const minTypoLength = 5;
/** Shorter parts of words are in half of all names. */
const minInsideLength = 3;

const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');

/** The words of a name, and those in parts as one: `O'Brien` has `o`, `brien` and `obrien`. */
const partsOf = (text: string): string[] => [
  ...wordsOf(text),
  ...text.split(/\s+/).map((part) => wordsOf(part).join('')),
];

/**
 * Rates how well a name matches, undefined when it does not; the only matcher of names for chats, contacts and
 * completions. The words of the query may stand in any order. Ignores what `nameKey` ignores and the mark of a
 * self-chosen name, and allows one typo in each word of five letters or more.
 */
export function nameMatcher(query: string): (name: string) => number | undefined {
  const wanted = nameKey(withoutMark(query.trim()));
  const words = wordsOf(wanted);
  const joined = words.join('');
  return (name) => {
    const key = nameKey(withoutMark(name));
    if (key === wanted) return nameRanks.same;
    if (key.startsWith(wanted)) return nameRanks.start;
    if (words.length === 0) return key.includes(wanted) ? nameRanks.inside : undefined;
    const parts = partsOf(key);
    const all = (fits: (word: string, part: string) => boolean) =>
      words.every((word) => parts.some((part) => fits(word, part)));
    if (all((word, part) => part.startsWith(word)) || parts.includes(joined)) return nameRanks.words;
    if (key.includes(wanted) || all(isWithin)) return nameRanks.inside;
    return all((word, part) => part.startsWith(word) || isOneTypoFrom(word, part)) ? nameRanks.typo : undefined;
  };
}

const withoutMark = (text: string): string => (text.startsWith(chosenMark) ? text.slice(chosenMark.length) : text);

const isWithin = (word: string, part: string): boolean =>
  word.length < minInsideLength ? part.startsWith(word) : part.includes(word);

/**
 * One letter wrong, missing or extra, or two neighbours swapped; also tries the beginning of a longer word. A wrong digit
 * makes another number.
 */
export function isOneTypoFrom(word: string, part: string): boolean {
  if (word.length < minTypoLength || /\d/.test(word)) return false;
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
