import { fold, foldWithPlaces } from '../../domain/fold.ts';

/** Scripts written without spaces between words, and Hangul, whose words carry endings: every character is a word. */
const unspaced = [
  ...['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul', 'Yi'],
  ...['Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan'],
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('');
const inWord = '[\\p{L}\\p{N}\\p{M}\\p{Co}\\p{So}\\p{Sk}\\p{Extended_Pictographic}]';
const alone = `[${unspaced}\\p{So}\\p{Sk}\\p{Extended_Pictographic}]`;
const single = `[${inWord}&&${alone}]`;
const word = `[${inWord}--${alone}]+`;
const eachWord = new RegExp(`${word}|${single}`, 'gv');
const oneSingle = new RegExp(`^${single}$`, 'v');
const plain = /^[\0-\x7f]*$/;
const eachPlainWord = /[a-z0-9]+|[`^]/g;

/** What people write between two parts of a word: hyphens, apostrophes and what they type for one. */
const connection = /['`´·-]/g;
const compound = new RegExp(`${word}(?:['\`´·\\-]${word})+`, 'gv');
const plainCompound = /[a-z0-9]+(?:['`-][a-z0-9]+)+/g;
/** Groups of digits with what people write between those of a phone number. */
const digitGroups = /\d+(?:[ ()./-]{1,3}\d+)+/g;
/** Fewer digits in groups are no number that a person looks up as one. */
export const minDigits = 5;
const maxJoinedLength = 40;
const maxJoinedWords = 200;

/** Stands between fields and before joined words, so that no phrase matches across; a character of private use. */
const border = '\uf8ff';

/** A word, and where it begins and ends in its text. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/**
 * The same text with the same length, in which every connection of two parts of a word is a hyphen or an apostrophe:
 * Arabic script has a zero-width non-joiner, Hebrew quotation marks. A zero-width space separates words.
 */
export function plainConnections(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(/\u200c(?<=\p{Script=Arabic}\p{M}*\u200c)(?=\p{Script=Arabic})/gu, '-')
    .replace(/["״”](?<=\p{Script=Hebrew}\p{M}*["״”])(?=\p{Script=Hebrew})/gu, "'")
    .replaceAll('\u200b', ' ');
}

/** Text as `splitWords` and `joinedWords` read it. */
export const comparable = (text: string): string => fold(plainConnections(text));

/** The words of comparable text, in order; none for punctuation. */
export const splitWords = (text: string): string[] => text.match(wordsIn(text)) ?? [];

const wordsIn = (text: string): RegExp => (plain.test(text) ? eachPlainWord : eachWord);

/** What comparable text writes in parts, joined: `e-mail` as `email`, `+1 (555) 010-0134` as `15550100134`. */
export function joinedWords(text: string): Word[] {
  const numbers = /\d[ ()./-]+\d/.test(text) ? matches(text, digitGroups) : [];
  const words = /\S['`´·-]\S/.test(text) ? matches(text, plain.test(text) ? plainCompound : compound) : [];
  return [...numbers.map(withoutAll(/\D/g)), ...words.filter(isNoNumber).map(withoutAll(connection))]
    .filter(({ text: joined }) => joined.length <= maxJoinedLength && (joined.length >= minDigits || !isDigits(joined)))
    .slice(0, maxJoinedWords);
}

export const isDigits = (joined: string): boolean => /^\d+$/.test(joined);
const isNoNumber = (found: Word): boolean => !/^[\d-]+$/.test(found.text);

const withoutAll =
  (pattern: RegExp) =>
  (found: Word): Word => ({ ...found, text: found.text.replace(pattern, '') });

const matches = (text: string, pattern: RegExp): Word[] =>
  Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
    text: found,
    start: index,
    end: index + found.length,
  }));

/** What the index reads of the fields of a message: their words in order, then what is joined. */
export function indexedText(fields: readonly string[]): string {
  const texts = fields.map(comparable).filter((text) => text !== '');
  const joined = new Set(texts.flatMap(joinedWords).map((word) => word.text));
  return [...texts.map(apart), ...joined].join(` ${border} `);
}

/** Comparable text with spaces between its words; most plain text has what the index splits at already. */
const apart = (text: string): string => (plain.test(text) && !/[`^]/.test(text) ? text : splitWords(text).join(' '));

/** The words of a text and what is joined in it, with their places in the text itself. */
export function placedWords(text: string): { words: Word[]; joined: Word[] } {
  const { folded, starts, ends } = foldWithPlaces(plainConnections(text));
  const placed = ({ text: word, start, end }: Word): Word => ({
    text: word,
    start: starts[start] ?? text.length,
    end: ends[end - 1] ?? text.length,
  });
  return { words: matches(folded, wordsIn(folded)).map(placed), joined: joinedWords(folded).map(placed) };
}

/** True for a word of one character that no longer word contains. */
export const isSingle = (token: string): boolean => oneSingle.test(token);
