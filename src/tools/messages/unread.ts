import * as z from 'zod';
import { ChatSchema } from '../chats/view.ts';
import { defineTool } from '../define.ts';
import { Cursor, limit } from '../params.ts';
import { freshness, freshnessFields } from '../result/freshness.ts';
import { omitUndefined } from '../result/omit-undefined.ts';
import { clipUnread, fitPage, pageEnd, pageFields } from '../result/page.ts';
import { MessageSchema } from './view.ts';

const UnreadChat = ChatSchema.extend({ lines: z.array(MessageSchema), mentions_of_me: z.array(MessageSchema) });

export const listUnread = defineTool({
  name: 'list_unread',
  title: 'What is unread',
  description:
    'Lists the chats with unread messages, newest first, each with its last unread lines (oldest first) and the unread messages that mention the user; use it to catch up. Works offline, on what has arrived so far, and marks nothing as read. For more of one chat use list_messages.',
  toolset: 'messages',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({
    lines: z.number().int().min(0).max(20).default(3).describe('Unread lines per chat.'),
    limit: limit(20),
    cursor: Cursor,
  }),
  example: { limit: 5 },
  output: z.object({
    total: z.number().int(),
    chats: z.array(UnreadChat),
    ...pageFields,
    ...freshnessFields,
  }),
  summary: ({ total, chats }) => `${chats.length} of ${total} chats with unread messages.`,
  run({ limit: most, ...options }, context) {
    const { chats } = context.store;
    const page = fitPage((count) => clipUnread(chats.unread(omitUndefined({ ...options, limit: count }))), most);
    return { total: page.total, chats: page.items, ...pageEnd(page), ...freshness(context) };
  },
});
