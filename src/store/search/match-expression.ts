import { mediaTypes } from '../../domain/message.ts';
import { chatTerm, ownTerm, senderTerm, typeTerm } from './documents.ts';
import type { QueryTerm, QueryWord } from './query-terms.ts';
import type { TermList } from './terms.ts';

/** The word itself and as many longer ones as there are at most. */
const maxPhrases = 201;

/** What narrows a search besides words; each list matches any of its entries. */
export interface Filters {
  chats?: readonly number[];
  hiddenChats?: readonly number[];
  senders?: readonly string[];
  /** The account's own messages count as messages of these senders. */
  ownSender?: boolean;
  types?: readonly string[];
  fromMe?: boolean;
  plainOnly?: boolean;
}

/** An expression of FTS5, and whether it leaves out words because there are too many. */
interface Match {
  match: string;
  capped: boolean;
}

const quoted = (tokens: readonly string[]): string => `"${tokens.join(' ')}"`;
const anyOf = (terms: readonly string[]): string => `(${terms.map((term) => quoted([term])).join(' OR ')})`;

/** A word of a query and the longer words of the index that it matches. */
function variants({ text, reach }: QueryWord, terms: TermList): { terms: string[]; capped: boolean } {
  if (reach === 'whole') return { terms: [text], capped: false };
  const longer = terms.expand(text, reach);
  return { terms: [text, ...longer.terms], capped: longer.capped };
}

function partMatch(words: readonly QueryWord[], terms: TermList): Match {
  const found = words.map((word) => variants(word, terms));
  // Only the words at the edges have variants.
  let phrases: string[][] = [[]];
  for (const word of found) phrases = phrases.flatMap((phrase) => word.terms.map((term) => [...phrase, term]));
  return {
    match: `(${phrases.slice(0, maxPhrases).map(quoted).join(' OR ')})`,
    capped: found.some(({ capped }) => capped) || phrases.length > maxPhrases,
  };
}

function termMatch({ parts, joined }: QueryTerm, terms: TermList): Match {
  const found = parts.map((part) => partMatch(part, terms));
  const all = `(${found.map(({ match }) => match).join(' AND ')})`;
  const capped = found.some((part) => part.capped);
  if (joined === undefined) return { match: all, capped };
  const whole = variants(joined, terms);
  return { match: `(${all} OR ${anyOf(whole.terms)})`, capped: capped || whole.capped };
}

/** The terms of senders; any of them counts. */
function sentBy({ senders = [], ownSender }: Filters): string | undefined {
  const terms = [...senders.map(senderTerm), ...(ownSender ? [ownTerm] : [])];
  return terms.length > 0 ? anyOf(terms) : undefined;
}

/**
 * The FTS5 expression of a search. `capped` means that a word is part of too many longer words, so the result may be
 * incomplete. Contains quoted tokens only, so it is always well-formed.
 */
export function matchExpression(query: readonly QueryTerm[], filters: Filters, terms: TermList): Match {
  const texts = query.map((term) => termMatch(term, terms));
  const keys = [
    filters.chats && anyOf(filters.chats.map(chatTerm)),
    sentBy(filters),
    filters.types && anyOf(filters.types.map(typeTerm)),
    filters.fromMe !== undefined && quoted([filters.fromMe ? ownTerm : 'them']),
  ].filter((key) => typeof key === 'string');
  if (texts.length === 0 && keys.length === 0) keys.push(anyOf([ownTerm, 'them']));
  const parts = [...texts.map(({ match }) => `{text} : (${match})`), ...keys.map((key) => `{k} : (${key})`)];
  const left = [...(filters.hiddenChats ?? []).map(chatTerm), ...(filters.plainOnly ? mediaTypes.map(typeTerm) : [])];
  const without = left.length > 0 ? ` NOT {k} : (${anyOf(left)})` : '';
  return { match: `(${parts.join(' AND ')})${without}`, capped: texts.some(({ capped }) => capped) };
}
