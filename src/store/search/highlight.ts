import { type QueryTerm, type QueryWord, queryTerms } from './query-terms.ts';
import { placedWords, type Word } from './words.ts';

/** Where a match begins and ends in a text. */
export type Span = Pick<Word, 'start' | 'end'>;
/** The first match in a text; undefined when there is none. */
export type Highlighter = (text: string) => Span | undefined;

/** Finds what a query matches in a text, by the rules of the index. */
export function highlighter(query: string): Highlighter {
  const terms = queryTerms(query);
  if (terms.length === 0) return () => undefined;
  return (text) => {
    const { words, joined } = placedWords(text);
    const spans = terms.flatMap((term) => termSpans(term, words, [...words, ...joined]));
    return spans.sort((a, b) => a.start - b.start || b.end - a.end)[0];
  };
}

/** The first place of each part of a term, and of the term as one word. */
function termSpans({ parts, joined }: QueryTerm, words: readonly Word[], all: readonly Word[]): Span[] {
  const single = [...parts.filter((part) => part.length === 1).flat(), ...(joined ? [joined] : [])];
  const phrases = parts.filter((part) => part.length > 1);
  return [
    ...single.flatMap((wanted) => all.find((word) => matches(word.text, wanted)) ?? []),
    ...phrases.flatMap((phrase) => phraseSpan(phrase, words)),
  ];
}

function phraseSpan(phrase: readonly QueryWord[], words: readonly Word[]): Span[] {
  const from = words.findIndex((_, at) =>
    phrase.every((wanted, offset) => matches(words[at + offset]?.text ?? '', wanted)),
  );
  const [first, last] = [words[from], words[from + phrase.length - 1]];
  return first && last ? [{ start: first.start, end: last.end }] : [];
}

/** Whether a word is or contains a word of a query. */
function matches(word: string, { text, reach }: QueryWord): boolean {
  if (reach === 'whole') return word === text;
  if (reach === 'start') return word.startsWith(text);
  return reach === 'end' ? word.endsWith(text) : word.includes(text);
}
