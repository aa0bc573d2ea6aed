import { cutText } from '../../domain/cut.ts';
import type { Highlighter } from './highlight.ts';

const length = 120;
const lead = 30;
/** The snippet shows the beginning when the hit is further into the text than this. */
const searched = 20_000;

/** Up to about 120 characters around the first match, cut between words; line breaks become spaces. */
export function snippet(text: string, find: Highlighter): string {
  const line = cutText(text, searched).replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  const hit = find(line) ?? { start: 0, end: 0 };
  const start = wordStart(line, Math.max(0, hit.start - lead));
  const most = Math.min(line.length, start + length);
  const end = Math.max(wordEnd(line, most), characterStart(line, Math.min(hit.end, most)));
  return `${start > 0 ? '…' : ''}${line.slice(start, end).trim()}${end < line.length || text.length > searched ? '…' : ''}`;
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
