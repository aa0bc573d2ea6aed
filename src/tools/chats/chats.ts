import * as z from 'zod';
import { defineTool } from '../define.ts';
import { ChatJid } from '../params.ts';
import { clipChat } from '../result/clip.ts';
import { fitMembers } from '../result/fit.ts';
import { freshness, freshnessFields } from '../result/freshness.ts';
import { defineListTool } from '../result/list-tool.ts';
import { omitUndefined } from '../result/omit-undefined.ts';
import { mapPage } from '../result/page.ts';
import { ChatDetailSchema, ChatKindSchema, ChatRowSchema, chatLine, chatRow } from './view.ts';

export const listChats = defineListTool({
  name: 'list_chats',
  title: 'List chats',
  description:
    'Lists stored chats with name, unread count and last message; use it to find a chat, or the groups (kind). Works offline. query filters by name or number, not by what was said: for that use query_synced_messages. For what is unread use list_unread, to read one chat list_messages.',
  toolset: 'chats',
  uses: [],
  input: {
    query: z.string().max(200).optional().describe('Part of a name or number.'),
    archived: z.boolean().optional().describe('true: archived only; false: others only.'),
    kind: ChatKindSchema.optional().describe('Only this kind of chat.'),
    sort_by: z.enum(['last_active', 'name']).default('last_active').describe('Order of the chats.'),
  },
  example: { limit: 5 },
  head: { total: z.number().int() },
  entries: { field: 'chats', row: ChatRowSchema, line: chatLine, ids: ['chat_jid'], standard: 50 },
  stored: 'rows',
  summary: ({ total }, count) => `${count} of ${total} chats.`,
  list({ max_chars, fields: _, count_only: __, ...asked }, { store }) {
    const found = store.chats.list(omitUndefined(asked));
    return { total: found.total, page: mapPage(found, (chat) => chatRow(clipChat(chat, max_chars))) };
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
