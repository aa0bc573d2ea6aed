import * as z from 'zod';
import type { Page } from '../../store/reader.ts';

/** A page stays below 20,000 characters with what stands around its entries. */
const pageCharacters = 18_500;
const contentCharacters = 4_000;
const previewCharacters = 300;
/** Of what happened to one message, each kind. */
const historyCharacters = 4_000;

export const pageFields = {
  truncated: z.boolean(),
  next_cursor: z.string().nullable(),
};

/** Asks again for fewer entries when a page is too long, so that its cursor goes on exactly behind the last one. */
export function fitPage<P extends Page<unknown>>(fetch: (limit: number) => P, limit: number): P {
  const page = fetch(limit);
  const fits = Math.max(1, first(page.items, pageCharacters).length);
  return fits < page.items.length ? fitPage(fetch, fits) : page;
}

/** What every list says about its end. */
export const pageEnd = ({ next_cursor }: Page<unknown>) => ({ truncated: next_cursor !== null, next_cursor });

/** Cuts the text of a long message in lists; get_message has the whole. */
export function clipContent<T extends { content: string }>(
  message: T,
  most = contentCharacters,
): T & { content_truncated?: true } {
  if (message.content.length <= most) return message;
  return { ...message, content: `${message.content.slice(0, most)}…`, content_truncated: true };
}

/** The same page with the text of its messages cut. */
export const clipPage = <T extends { content: string }, P extends Page<T>>(page: P): P => ({
  ...page,
  items: page.items.map((message) => clipContent(message)),
});

type WithLastMessage = { last_message: { content: string } | null };

/** A chat with a preview of its last message. */
export const clipChat = <T extends WithLastMessage>(chat: T): T => ({
  ...chat,
  last_message: chat.last_message && clipContent(chat.last_message, previewCharacters),
});

type WithLines<T> = WithLastMessage & { lines: T[]; mentions_of_me: T[] };
const maxMentions = 10;

/** Chats with previews of what is unread in them. */
export const clipUnread = <T extends { content: string }, C extends WithLines<T>, P extends Page<C>>(page: P): P => ({
  ...page,
  items: page.items.map((chat) => ({
    ...clipChat(chat),
    lines: chat.lines.map((line) => clipContent(line, previewCharacters)),
    mentions_of_me: chat.mentions_of_me.slice(0, maxMentions).map((line) => clipContent(line, previewCharacters)),
  })),
});

export const clipChats = <T extends WithLastMessage, P extends Page<T>>(page: P): P => ({
  ...page,
  items: page.items.map(clipChat),
});

/** The first entries of a list that fit. */
function first<T>(items: readonly T[], characters: number): T[] {
  let used = 0;
  const over = items.findIndex((item) => {
    used += JSON.stringify(item).length + 1;
    return used > characters;
  });
  return over === -1 ? [...items] : items.slice(0, over);
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
