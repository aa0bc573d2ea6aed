import * as z from 'zod';
import { defineTool } from '../define.ts';
import { ChatJid, Cursor, limit } from '../params.ts';
import { freshness, freshnessFields } from '../result/freshness.ts';
import { omitUndefined } from '../result/omit-undefined.ts';
import { clipChat, fitMembers, fitPage, mapPage, pageEnd, pageFields } from '../result/page.ts';
import { shapeArguments, shapePage } from '../result/shape.ts';
import { ChatDetailSchema, ChatKindSchema, ChatRowSchema, chatLine, chatRow } from './view.ts';

export const listChats = defineTool({
  name: 'list_chats',
  title: 'List chats',
  description:
    'Lists stored chats with name, unread count and last message; use it to find a chat, or the groups (kind). Works offline. query filters by name or number, not by what was said: for that use query_synced_messages. For what is unread use list_unread, to read one chat list_messages.',
  toolset: 'chats',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({
    query: z.string().max(200).optional().describe('Part of a name or number.'),
    archived: z.boolean().optional().describe('true: archived only; false: not archived; omitted: both.'),
    kind: ChatKindSchema.optional().describe('Only this kind of chat.'),
    sort_by: z.enum(['last_active', 'name']).default('last_active').describe('Order of the chats.'),
    ...shapeArguments(ChatRowSchema),
    limit: limit(50),
    cursor: Cursor,
  }),
  example: { limit: 5 },
  output: z.object({ total: z.number().int(), chats: z.array(ChatRowSchema), ...pageFields, ...freshnessFields }),
  lines: { chats: chatLine },
  summary: ({ total, chats }) => `${chats.length} of ${total} chats.`,
  run({ limit: most, fields, count_only, max_chars, ...filter }, context) {
    const { chats } = context.store;
    const found = chats.list(omitUndefined({ ...filter, limit: most }));
    const rows = mapPage(found, (chat) => chatRow(clipChat(chat, max_chars)));
    const page = fitPage(shapePage(rows, { fields, count_only }, ['chat_jid']), chatLine);
    return { total: found.total, chats: page.items, ...pageEnd(page), ...freshness(context) };
  },
});

export const getChat = defineTool({
  name: 'get_chat',
  title: 'One chat',
  description:
    'Gets one chat by JID, phone number or exact name: name, addresses, unread count, settings, number of stored messages, last message, and who is in a group; use it when you know which chat. With a part of a name use list_chats, for what was said list_messages, for a person get_contact.',
  toolset: 'chats',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({ chat_jid: ChatJid }),
  example: { chat_jid: '$chat_jid' },
  output: z.object({ chat: ChatDetailSchema, truncated: z.boolean(), ...freshnessFields }),
  summary: ({ chat }) =>
    `A ${chat.kind} chat with ${chat.total_messages} stored messages, ${chat.unread_count} unread.`,
  run: ({ chat_jid }, context) => ({ ...fitMembers(context.store.chats.get(chat_jid)), ...freshness(context) }),
});
