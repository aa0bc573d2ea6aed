import { cutText } from '../../domain/cut.ts';
import { fold, foldWithPlaces } from '../../domain/fold.ts';
import { splitQuery } from './match-expression.ts';

const length = 120;
const lead = 30;
/** The snippet shows the beginning when the hit is further into the text than this. */
const searched = 20_000;

/** Up to about 120 characters around the first of these words, cut between words; line breaks become spaces. */
export function snippet(text: string, words: readonly string[]): string {
  const line = cutText(text, searched).replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  const start = wordStart(line, Math.max(0, firstHit(line, words) - lead));
  const end = wordEnd(line, Math.min(line.length, start + length));
  return `${start > 0 ? '…' : ''}${line.slice(start, end).trim()}${end < line.length || text.length > searched ? '…' : ''}`;
}

/** The index of the first of these words in a text, ignoring accents and case; 0 when there is none. */
function firstHit(text: string, words: readonly string[]): number {
  if (words.length === 0) return 0;
  const { folded, places } = foldWithPlaces(text);
  const found = words.map((word) => folded.indexOf(fold(word))).filter((at) => at >= 0);
  return found.length > 0 ? (places[Math.min(...found)] ?? 0) : 0;
}

/** The nearest beginning of a word at or before an index, if one is near; never inside a character. */
function wordStart(line: string, at: number): number {
  if (at === 0) return 0;
  const space = line.lastIndexOf(' ', at);
  return space >= 0 && at - space <= lead ? space + 1 : characterStart(line, at);
}

function wordEnd(line: string, at: number): number {
  if (at === line.length) return at;
  const space = line.lastIndexOf(' ', at);
  return space > 0 && at - space <= lead ? space : characterStart(line, at);
}

const characterStart = (line: string, at: number): number => (/[\udc00-\udfff]/.test(line[at] ?? '') ? at - 1 : at);

/** The words of a query, without the quotes that mark a phrase. */
export function queryWords(query: string): string[] {
  return splitQuery(query)
    .map(({ text }) => text.trim())
    .filter(Boolean);
}
