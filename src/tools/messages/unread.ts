import * as z from 'zod';
import type { UnreadChat } from '../../store/reader.ts';
import { ChatRowSchema, chatLine, chatRow } from '../chats/view.ts';
import type { Line } from '../layout.ts';
import { clipUnread } from '../result/clip.ts';
import { defineListTool } from '../result/list-tool.ts';
import { omitUndefined, withoutFields } from '../result/omit-undefined.ts';
import { mapPage } from '../result/page.ts';
import { MessageRowSchema, messageInChat, messageLine, messagesInChat, type Told } from './view.ts';

const UnreadChatSchema = ChatRowSchema.extend({
  lines: z.array(MessageRowSchema),
  mentions_of_me: z.array(MessageRowSchema),
});
const unreadLine: Line = {
  ...chatLine,
  below: { ...chatLine.below, lines: messageLine, mentions_of_me: messageLine },
};

/**
 * A chat with its unread messages, each told once: of what stands in `lines`, the rest of the entry has the id alone, and
 * no time of the last message.
 */
function unreadRow(chat: UnreadChat, addresses: Told) {
  const { lines, mentions_of_me, ...rest } = chat;
  const { last_message, ...row } = chatRow(rest);
  const told = new Set(lines.map(({ id }) => id));
  const isLastTold = last_message && told.has(last_message.id);
  return {
    ...withoutFields(row, [isLastTold && row.last_message_at === lines.at(-1)?.timestamp && 'last_message_at']),
    last_message: isLastTold ? null : last_message,
    lines: messagesInChat(lines, chat, addresses),
    mentions_of_me: mentions_of_me.map((message) =>
      told.has(message.id) ? { id: message.id } : messageInChat(message, chat),
    ),
  };
}

export const listUnread = defineListTool({
  name: 'list_unread',
  title: 'What is unread',
  description:
    'Lists the chats with unread messages, newest first, each with its last unread lines (oldest first) and the unread messages that mention the user; use it to catch up. Works offline, on what has arrived so far, and marks nothing as read. For more of one chat use list_messages.',
  toolset: 'messages',
  uses: [],
  input: { lines: z.number().int().min(0).max(20).default(3).describe('Unread lines per chat.') },
  example: { limit: 5 },
  head: { total: z.number().int() },
  entries: { field: 'chats', row: UnreadChatSchema, line: unreadLine, ids: ['chat_jid'], standard: 20 },
  stored: 'rows',
  summary: ({ total }, count) => `${count} of ${total} chats with unread messages.`,
  list({ max_chars, fields: _, count_only: __, ...asked }, { store }) {
    const found = store.chats.unread(omitUndefined(asked));
    const told: Told = new Map();
    return { total: found.total, page: mapPage(found, (chat) => unreadRow(clipUnread(chat, max_chars), told)) };
  },
});
