import { z } from 'zod';
import type { Page } from '../store/reader.ts';

/** A page stays below 20,000 characters with what stands around its entries. */
const pageCharacters = 18_000;
const contentCharacters = 4_000;

export const pageFields = {
  truncated: z.boolean(),
  next_cursor: z.string().nullable(),
};

function fitting(items: readonly unknown[]): number {
  let characters = 0;
  const over = items.findIndex((item) => {
    characters += JSON.stringify(item).length + 1;
    return characters > pageCharacters;
  });
  return over === -1 ? items.length : Math.max(1, over);
}

/** Asks again for fewer entries when a page is too long, so that its cursor goes on exactly behind the last one. */
export function fitPage<P extends Page<unknown>>(fetch: (limit: number) => P, limit: number): P {
  let page = fetch(limit);
  for (let fits = fitting(page.items); fits < page.items.length; fits = fitting(page.items)) page = fetch(fits);
  return page;
}

/** What every list says about its end. */
export const pageEnd = ({ next_cursor }: Page<unknown>) => ({ truncated: next_cursor !== null, next_cursor });

/** Cuts the text of a long message in lists; get_message has the whole. */
export function clipContent<T extends { content: string }>(message: T): T & { content_truncated?: true } {
  if (message.content.length <= contentCharacters) return message;
  return { ...message, content: `${message.content.slice(0, contentCharacters)}…`, content_truncated: true };
}

/** The same page with the text of its messages cut. */
export const clipPage = <T extends { content: string }, P extends Page<T>>(page: P): P => ({
  ...page,
  items: page.items.map(clipContent),
});

type WithLastMessage = { last_message: { content: string } | null };

/** A chat with the text of its last message cut. */
export const clipChat = <T extends WithLastMessage>(chat: T): T => ({
  ...chat,
  last_message: chat.last_message && clipContent(chat.last_message),
});

export const clipChats = <T extends WithLastMessage, P extends Page<T>>(page: P): P => ({
  ...page,
  items: page.items.map(clipChat),
});

/** The neighbours of a message, nearest kept, so that both sides together fit a page. */
export function fitAround<T extends { content: string }>(before: readonly T[], after: readonly T[]) {
  const half = (items: readonly T[]) => {
    let characters = 0;
    return items.map(clipContent).filter((item) => {
      characters += JSON.stringify(item).length + 1;
      return characters <= pageCharacters / 2;
    });
  };
  const kept = { before: half([...before].reverse()).reverse(), after: half(after) };
  const truncated = kept.before.length < before.length || kept.after.length < after.length;
  return { ...kept, truncated };
}
