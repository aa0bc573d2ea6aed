import type { Db } from '../sqlite/database.ts';

/** The later of two times, either of which may be unknown. */
export const latest = (a: string, b: string): string => `max(coalesce(${a}, ${b}), coalesce(${b}, ${a}))`;

/** Messages from before this device was linked are unread only where the phone reports so. */
const linkedAt = "coalesce((SELECT value / 1000 - 1 FROM main.meta WHERE key = 'linked_at'), 0)";

/** The second up to which the unread state of a chat (a row of `chats`) is settled. */
const settledUpto = `max(coalesce(unread_reported_at, 0), coalesce(read_upto, 0), ${linkedAt})`;

const reported = `CASE WHEN coalesce(unread_reported_at, -1) > coalesce(read_upto, -1)
  THEN coalesce(unread_reported, 0) ELSE 0 END`;

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
  const recount = db.prepare(`
    UPDATE main.chats AS c SET unread_count = ${reported} + (
      SELECT count(*) FROM main.messages AS m WHERE m.chat_id = c.id AND m.from_me = 0 AND m.hidden_at IS NULL
        AND m.timestamp > ${settledUpto})
    WHERE c.id = ?`);
  const mark = db.prepare(
    'UPDATE main.chats SET read_upto = @timestamp WHERE id = @chatId AND coalesce(read_upto, 0) < @timestamp',
  );
  return {
    count: (chatId) => void recount.run(chatId),
    readUpto: (chatId, timestamp) => {
      if (mark.run({ chatId, timestamp }).changes === 1) recount.run(chatId);
    },
  };
}

/**
 * Whether the account has read a message that another person sent at `@time`, for a row of `chats`: 1, 0, or NULL where
 * the phone only reported the number of unread messages.
 */
export const readState = `CASE
  WHEN @time <= coalesce(read_upto, 0) THEN 1
  WHEN @time > ${settledUpto} THEN 0
  WHEN coalesce(unread_reported, 0) = 0 THEN 1 END`;
