import * as z from 'zod';
import { type MediaFilter, mediaFilters } from '../../domain/message.ts';
import type { ChatDetail } from '../../store/reader.ts';
import { ChatRowSchema, chatRow } from '../chats/view.ts';
import { ChatJid, Recipient } from '../params.ts';
import { clipContent, clipFound } from '../result/clip.ts';
import { defineListTool } from '../result/list-tool.ts';
import { omitUndefined } from '../result/omit-undefined.ts';
import { mapPage } from '../result/page.ts';
import { timeArguments, timeRange, timeUsed } from '../time-range.ts';
import {
  FoundMessageSchema,
  MessageRowSchema,
  messageAnywhere,
  messageInChat,
  messageLine,
  messagesInChat,
} from './view.ts';

const MediaType = z.enum(Object.keys(mediaFilters) as [MediaFilter, ...MediaFilter[]]);

export const querySyncedMessages = defineListTool({
  name: 'query_synced_messages',
  title: 'Search messages',
  description:
    'Searches all messages, captions and file names; use it for something said or sent or, without content, all of a time, sender or kind. Newest first, offline. Every word must occur; quotes make a phrase. To read a chat use list_messages.',
  toolset: 'messages',
  uses: [],
  input: {
    content: z.string().max(500).optional().describe('Words to find.'),
    chat_jid: ChatJid.optional(),
    sender: Recipient.optional().describe('JID, phone number or part of a name.'),
    ...timeArguments,
    media_type: MediaType.optional().describe('File kind.'),
    from_me: z.boolean().optional().describe('true: own; false: others.'),
    include_media: z.boolean().default(true).describe('false: text only.'),
    offset: z.number().int().min(0).default(0).describe('Skip this many.'),
  },
  example: { content: 'birthday', limit: 5 },
  head: {
    total: z.number().int(),
    total_is_exact: z.boolean(),
    chat_name: z.string().nullable().optional(),
    ...timeUsed,
  },
  entries: { field: 'messages', row: FoundMessageSchema, line: messageLine, ids: ['id', 'chat_jid'], standard: 100 },
  stored: 'search',
  summary: ({ total, total_is_exact }, count) => `${total_is_exact ? '' : 'At least '}${total} matches, ${count} here.`,
  list({ after_time, before_time, max_chars, fields: _, count_only: __, ...query }, { store, now }) {
    const { range, used } = timeRange({ after_time, before_time }, now);
    const inChat = query.chat_jid !== undefined;
    const found = store.messages.query(omitUndefined({ ...query, ...range }));
    const page = mapPage(found, (one) => messageAnywhere(clipFound(one, max_chars), inChat));
    const { total, total_is_exact } = found;
    return { total, total_is_exact, ...(inChat && { chat_name: found.items[0]?.chat_name ?? null }), ...used, page };
  },
});

export const listMessages = defineListTool({
  name: 'list_messages',
  title: 'Read a chat',
  description:
    'Reads the messages of one chat, newest first, page by page; use it to catch up on or summarise a conversation. Works offline. To find words in one or all chats use query_synced_messages.',
  toolset: 'messages',
  uses: [],
  input: { chat_jid: ChatJid, ...timeArguments },
  example: { chat_jid: '$chat_jid', limit: 5 },
  head: { chat: ChatRowSchema, total: z.number().int().optional(), ...timeUsed },
  entries: { field: 'messages', row: MessageRowSchema, line: messageLine, ids: ['id'], standard: 50 },
  stored: 'rows',
  summary: ({ total }, count) => `${total ?? count} messages, newest first.`,
  list({ chat_jid: recipient, after_time, before_time, cursor, limit, ...shape }, { store, now }) {
    const { range, used } = timeRange({ after_time, before_time }, now);
    const chat = store.chats.get(recipient);
    const { chat_jid } = chat;
    const found = store.messages.list(chat_jid, omitUndefined({ ...range, cursor, limit }));
    const clipped = found.items.map((message) => clipContent(message, shape.max_chars));
    const rows = shape.fields ? clipped.map((one) => messageInChat(one, chat)) : messagesInChat(clipped, chat);
    const all = { chat_jid, ...range, include_media: true, limit: 1, offset: 0 };
    const total = shape.count_only ? { total: store.messages.query(all).total } : {};
    return { chat: chatHead(chat, shape.fields), ...total, ...used, page: { ...found, items: rows } };
  },
});

/** The chat of a list of its messages, which show the last one. */
function chatHead(chat: ChatDetail, fields: readonly string[] | undefined) {
  const { chat_jid, name } = chat;
  return fields ? { chat_jid, name } : { ...chatRow(chat), last_message: null };
}
