import { mediaTypes } from '../../domain/message.ts';
import { chatTerm, senderTerm, typeTerm } from './documents.ts';
import { isSingle } from './segment.ts';
import { shortestPart, type TermList } from './terms.ts';
import type { Tokenizer } from './tokenizer.ts';

/** One word or quoted phrase of what a user typed. */
export interface QueryTerm {
  tokens: string[];
  /** A quoted term: only these whole words, side by side. */
  exact: boolean;
}

const maxPhrases = 200;
const maxPieces = 200;

/** The words and "quoted phrases" of the user's text, without their quotes. */
export function splitQuery(text: string): { text: string; exact: boolean }[] {
  return [...text.matchAll(/"([^"]*)"|([^\s"]+)/g)].map((match) => ({
    text: match[1] ?? match[2] ?? '',
    exact: match[1] !== undefined,
  }));
}

/** Splits the user's text into words and phrases. Accepts any text; skips punctuation. */
export function parsePieces(text: string, tokenizer: Tokenizer): QueryTerm[] {
  const parts = splitQuery(text);
  const tokens = tokenizer.tokens(parts.map((part) => part.text));
  const pieces = new Map<string, QueryTerm>();
  for (const [index, { exact }] of parts.entries()) {
    const words = (tokens[index] ?? []).filter(Boolean); // SQLite returns null for accents alone
    if (words.length > 0) pieces.set(`${exact} ${words.join(' ')}`, { tokens: words, exact });
  }
  return [...pieces.values()].slice(0, maxPieces);
}

/** What narrows a search besides words; each list matches any of its entries. */
export interface Filters {
  chats?: readonly number[];
  hiddenChats?: readonly number[];
  senders?: readonly string[];
  types?: readonly string[];
  fromMe?: boolean;
  plainOnly?: boolean;
}

const quoted = (tokens: readonly string[]): string => `"${tokens.join(' ')}"`;
const anyOf = (terms: readonly string[]): string => `(${terms.map((term) => quoted([term])).join(' OR ')})`;

/** The terms for a token at the edge of a word: itself, and longer words that contain it. */
function tokenVariants(token: string, where: 'inside' | 'start' | 'end', terms: TermList) {
  if ([...token].length < shortestPart || isSingle(token)) return { terms: [token], capped: false };
  const longer = terms.expand(token, where);
  return { terms: [token, ...longer.terms], capped: longer.capped };
}

function pieceExpression({ tokens, exact }: QueryTerm, terms: TermList): { match: string; capped: boolean } {
  if (exact) return { match: quoted(tokens), capped: false };
  const [first = '', ...rest] = tokens;
  const last = rest.pop();
  if (last === undefined) {
    const found = tokenVariants(first, 'inside', terms);
    return { match: anyOf(found.terms), capped: found.capped };
  }
  const heads = tokenVariants(first, 'end', terms);
  const tails = tokenVariants(last, 'start', terms);
  const phrases = heads.terms.flatMap((head) => tails.terms.map((tail) => quoted([head, ...rest, tail])));
  return {
    match: `(${phrases.slice(0, maxPhrases).join(' OR ')})`,
    capped: heads.capped || tails.capped || phrases.length > maxPhrases,
  };
}

/**
 * The FTS5 expression of a search. `capped` means that a word is part of too many longer words, so the result may be
 * incomplete. Contains quoted tokens only, so it is always well-formed.
 */
export function matchExpression(
  pieces: readonly QueryTerm[],
  filters: Filters,
  terms: TermList,
): { match: string; capped: boolean } {
  const texts = pieces.map((piece) => pieceExpression(piece, terms));
  const keys = [
    filters.chats && anyOf(filters.chats.map(chatTerm)),
    filters.senders && anyOf(filters.senders.map(senderTerm)),
    filters.types && anyOf(filters.types.map(typeTerm)),
    filters.fromMe !== undefined && quoted([filters.fromMe ? 'me' : 'them']),
  ].filter((key) => typeof key === 'string');
  if (texts.length === 0 && keys.length === 0) keys.push(anyOf(['me', 'them']));
  const parts = [...texts.map(({ match }) => `{text} : (${match})`), ...keys.map((key) => `{k} : (${key})`)];
  const left = [...(filters.hiddenChats ?? []).map(chatTerm), ...(filters.plainOnly ? mediaTypes.map(typeTerm) : [])];
  const without = left.length > 0 ? ` NOT {k} : (${anyOf(left)})` : '';
  return { match: `(${parts.join(' AND ')})${without}`, capped: texts.some(({ capped }) => capped) };
}
