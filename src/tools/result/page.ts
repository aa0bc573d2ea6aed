import * as z from 'zod';
import { clipText } from '../../domain/cut.ts';
import type { Page } from '../../store/reader.ts';
import type { Line } from '../layout.ts';
import { compact, isFields } from './compact.ts';
import { entryLines } from './line.ts';
import { timeInJson, zoneGrowth } from './times.ts';

/** Each part of a result stays below 20,000 characters with what stands around the entries of its page. */
const pageCharacters = 18_500;
const contentCharacters = 4_000;
const previewCharacters = 200;
/** Of what happened to one message, each kind. */
const historyCharacters = 4_000;

export const pageFields = {
  truncated: z.boolean(),
  next_cursor: z.string().nullable(),
};

/** As much of a page as fits, in the longer one of its two forms; its cursor goes on exactly behind the last entry. */
export function fitPage<P extends Page<unknown>>(page: P, line?: Line): P {
  const fits = Math.max(1, first(page.items, pageCharacters, line).length);
  if (fits >= page.items.length) return page;
  const next_cursor = page.cursors[fits - 1] ?? null;
  return { ...page, items: page.items.slice(0, fits), cursors: page.cursors.slice(0, fits), next_cursor };
}

/** The same page with each entry as it is shown. */
export function mapPage<T, U>({ items, next_cursor, cursors }: Page<T>, show: (entry: T) => U): Page<U> {
  return { items: items.map(show), next_cursor, cursors };
}

/** What every list says about its end. */
export const pageEnd = ({ next_cursor }: Pick<Page<unknown>, 'next_cursor'>) => ({
  truncated: next_cursor !== null,
  next_cursor,
});

/** Cuts the text of a long message in lists; get_message has the whole. */
export function clipContent<T extends { content: string }>(
  message: T,
  most = contentCharacters,
): T & { content_truncated?: true } {
  if (message.content.length <= most) return message;
  return { ...message, content: clipText(message.content, most), content_truncated: true };
}

/** The same with its snippet cut too. */
export function clipFound<T extends { content: string; snippet: string }>(message: T, most = contentCharacters) {
  return { ...clipContent(message, most), snippet: clipText(message.snippet, most) };
}

type WithLastMessage = { last_message: { content: string } | null };

/** A chat with a preview of its last message. */
export const clipChat = <T extends WithLastMessage>(chat: T, most = previewCharacters): T => ({
  ...chat,
  last_message: chat.last_message && clipContent(chat.last_message, most),
});

type WithLines<T> = WithLastMessage & { lines: T[]; mentions_of_me: T[] };
const maxMentions = 10;

/** A chat with previews of what is unread in it. */
export const clipUnread = <T extends { content: string }, C extends WithLines<T>>(chat: C): C => ({
  ...clipChat(chat),
  lines: chat.lines.map((line) => clipContent(line, previewCharacters)),
  mentions_of_me: chat.mentions_of_me.slice(0, maxMentions).map((line) => clipContent(line, previewCharacters)),
});

/** The first entries of a list that fit. */
function first<T>(items: readonly T[], characters: number, line?: Line): T[] {
  let used = 0;
  const over = items.findIndex((item) => {
    used += weight(item, line);
    return used > characters;
  });
  return over === -1 ? [...items] : items.slice(0, over);
}

/**
 * Characters of an entry with what parts it from the next, once its times are in the zone of the user: in structured
 * content or as text, whichever is longer.
 */
function weight(item: unknown, line?: Line): number {
  const shown = isFields(item) ? compact(item) : item;
  const text = entryLines(shown, line).reduce((sum, one) => sum + one.length + 1, 0);
  const json = JSON.stringify(shown);
  const growth = zoneGrowth * (json.match(timeInJson)?.length ?? 0);
  return Math.max(json.length + 1, text) + growth;
}

/** A message and its neighbours, nearest kept, so that all of it fits a page. */
export function fitAround<T extends { content: string }>(around: { message: T; before: T[]; after: T[] }) {
  const message = clipContent(around.message);
  const half = (pageCharacters - JSON.stringify(message).length) / 2;
  const clipped = (items: readonly T[]) => items.map((item) => clipContent(item));
  const before = first(clipped(around.before).reverse(), half).reverse();
  const after = first(clipped(around.after), half);
  const truncated = before.length < around.before.length || after.length < around.after.length;
  return { message, before, after, truncated };
}

type Histories = 'edits' | 'reactions' | 'receipts';

/** A message with as much of what happened to it as fits: in a large group that is a receipt for every member. */
export function fitHistories<T extends Record<Histories, unknown[]>>(message: T): { message: T; truncated: boolean } {
  const kept = {
    edits: first(message.edits, historyCharacters),
    reactions: first(message.reactions, historyCharacters),
    receipts: first(message.receipts, historyCharacters),
  };
  const truncated = (Object.keys(kept) as Histories[]).some((name) => kept[name].length < message[name].length);
  return { message: { ...message, ...kept }, truncated };
}

/** A chat with as many of its members as fit: a community's announcements reach thousands. */
export function fitMembers<M, T extends WithLastMessage & { participants: M[] | null }>(chat: T) {
  const { participants } = chat;
  const kept = participants && first(participants, pageCharacters - 2_000);
  const participant_count = participants?.length ?? null;
  return {
    chat: { ...clipChat(chat), participants: kept, participant_count },
    truncated: (kept?.length ?? null) !== participant_count,
  };
}
