import { comparable, isDigits, isSingle, joinedWords, minDigits, splitWords } from './words.ts';

/** Where a word of a query may stand in a longer word of a message; `whole`: only as it is. */
export type Reach = 'whole' | 'inside' | 'start' | 'end';

/** One word of a query. */
export interface QueryWord {
  text: string;
  reach: Reach;
}

/** What a user typed as one: a word, a quoted phrase or a number. */
export interface QueryTerm {
  /** Each part is words side by side. All parts match, in any order. */
  parts: QueryWord[][];
  /** All of it as one word, which matches instead of the parts. */
  joined?: QueryWord;
}

/** The minimum length for searches by a part of a word; shorter parts would match half of all words. */
export const shortestPart = 3;
/** A shorter word that was typed in parts would start too many others. */
const shortestStart = 5;
const maxTerms = 200;

const phrase = '"([^"]*)"';
/** Groups of digits belong together over spaces. */
const number = '([+(]*\\d+(?:[ ().\\/-]{1,3}\\d+)+[^\\s"\\p{L}\\p{N}]*)(?=[\\s"]|$)';
const eachTerm = new RegExp(`${phrase}|${number}|([^\\s"]+)`, 'gu');

/** Splits the user's text into words, numbers and "quoted phrases". Accepts any text; skips punctuation. */
export function queryTerms(text: string): QueryTerm[] {
  const terms = new Map<string, QueryTerm>();
  for (const [, quoted, digits, word] of comparable(text).matchAll(eachTerm)) {
    const term = digits === undefined ? wordTerm(quoted ?? word ?? '', quoted !== undefined) : numberTerm(digits);
    if (term.parts.length > 0) terms.set(JSON.stringify(term), term);
  }
  return [...terms.values()].slice(0, maxTerms);
}

function numberTerm(grouped: string): QueryTerm {
  const parts = grouped.split(/\s+/).flatMap((part) => partsOf(part, false));
  const digits = grouped.replace(/\D/g, '');
  return { parts, ...(digits.length >= minDigits && { joined: lineOf(digits) }) };
}

/** A number without the zero that stands for the country code at home. */
const lineOf = (digits: string): QueryWord => ({ text: digits.replace(/^0(?=[1-9]\d{6})/, ''), reach: 'inside' });

function wordTerm(word: string, isExact: boolean): QueryTerm {
  const parts = partsOf(word, isExact);
  const whole = parts[0]?.map(({ text }) => text).join('') ?? '';
  if (isDigits(whole) && !isExact) return { parts, ...(whole.length >= minDigits && { joined: lineOf(whole) }) };
  const joined = joinedWords(word).find(({ text }) => text === whole)?.text;
  if (joined === undefined) return { parts };
  return { parts, joined: { text: joined, reach: isExact || joined.length < shortestStart ? 'whole' : 'start' } };
}

/** The words of a text as one part; none without words. */
function partsOf(text: string, isExact: boolean): QueryWord[][] {
  const words = splitWords(text);
  if (words.length === 0) return [];
  const reachAt = (at: number): Reach => {
    if (words.length === 1) return 'inside';
    return at === 0 ? 'end' : at === words.length - 1 ? 'start' : 'whole';
  };
  const isShort = (token: string) => [...token].length < shortestPart || isSingle(token);
  return [words.map((text, at) => ({ text, reach: isExact || isShort(text) ? 'whole' : reachAt(at) }))];
}
