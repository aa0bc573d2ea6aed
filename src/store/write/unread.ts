import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';

export interface Unread {
  /**
   * Recounts the unread messages of a chat: those that the phone reported and that are still unread, and later ones.
   */
  count(chatId: number): void;
  /** Marks everything in a chat up to this second as read. */
  readUpto(chatId: number, timestamp: number): void;
}

/** `unread_count` depends only on the rows and marks of a chat, not on their order of arrival. */
export function openUnread(db: Db): Unread {
  const recount = db.prepare(rule('count_unread'));
  const mark = db.prepare(rule('mark_read'));
  return {
    count: (chatId) => void recount.run({ chat_id: chatId }),
    readUpto: (chatId, timestamp) => {
      if (mark.run({ chat_id: chatId, timestamp }).changes === 1) recount.run({ chat_id: chatId });
    },
  };
}

/**
 * Whether the account has read a message that another person sent at `@time`, for a row of `chats`: 1, 0, or NULL where
 * the phone only reported the number of unread messages.
 */
export const readState = (): string => `CASE
  WHEN @time <= coalesce(read_upto, 0) THEN 1
  WHEN @time > ${rule('settled_upto')} THEN 0
  WHEN coalesce(unread_reported, 0) = 0 THEN 1 END`;
