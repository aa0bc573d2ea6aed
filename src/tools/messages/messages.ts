import * as z from 'zod';
import { type MediaFilter, mediaFilters } from '../../domain/message.ts';
import type { ChatDetail, MessageReader, MessageView } from '../../store/reader.ts';
import { ChatRowSchema, chatRow } from '../chats/view.ts';
import { defineTool } from '../define.ts';
import { ChatJid, Cursor, limit, MessageId, Recipient } from '../params.ts';
import { freshness, freshnessFields, searchFreshness } from '../result/freshness.ts';
import { omitUndefined } from '../result/omit-undefined.ts';
import {
  clipContent,
  clipFound,
  fitAround,
  fitHistories,
  fitPage,
  mapPage,
  pageEnd,
  pageFields,
} from '../result/page.ts';
import { shapeArguments, shapePage } from '../result/shape.ts';
import { timeArguments, timeRange, timeUsed } from '../time-range.ts';
import {
  FoundMessageSchema,
  MessageDetailSchema,
  MessageRowSchema,
  MessageSchema,
  MessageTypeSchema,
  messageAnywhere,
  messageInChat,
  messageLine,
} from './view.ts';

const MediaType = z.enum(Object.keys(mediaFilters) as [MediaFilter, ...MediaFilter[]]);

const Search = z.object({
  content: z.string().max(500).optional().describe('Words to find.'),
  chat_jid: ChatJid.optional(),
  sender: Recipient.optional().describe('JID, phone number or part of a name.'),
  ...timeArguments,
  media_type: MediaType.optional().describe('File kind.'),
  from_me: z.boolean().optional().describe('true: own; false: others.'),
  include_media: z.boolean().default(true).describe('false: text only.'),
  ...shapeArguments(FoundMessageSchema),
  limit: limit(100),
  offset: z.number().int().min(0).default(0).describe('Skip this many.'),
  cursor: Cursor,
});

export const querySyncedMessages = defineTool({
  name: 'query_synced_messages',
  title: 'Search messages',
  description:
    'Searches all messages, captions and file names; use it for something said or sent or, without content, all of a time, sender or kind. Newest first, offline. Every word must occur; quotes make a phrase. To read a chat use list_messages.',
  toolset: 'messages',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: Search,
  example: { content: 'birthday', limit: 5 },
  output: z.object({
    total: z.number().int(),
    total_is_exact: z.boolean(),
    chat_name: z.string().nullable().optional(),
    ...timeUsed,
    messages: z.array(FoundMessageSchema),
    ...pageFields,
    ...freshnessFields,
  }),
  lines: { messages: messageLine },
  summary: ({ total, total_is_exact, messages }) =>
    `${total_is_exact ? '' : 'At least '}${total} matches, ${messages.length} here.`,
  async run({ after_time, before_time, limit: most, fields, count_only, max_chars, ...query }, context) {
    const { range, used } = timeRange({ after_time, before_time }, context.now);
    const fresh = await searchFreshness(context);
    const found = context.store.messages.query(omitUndefined({ ...query, ...range, limit: most }));
    const rows = mapPage(found, (one) => messageAnywhere(clipFound(one, max_chars), query.chat_jid !== undefined));
    const page = fitPage(shapePage(rows, { fields, count_only }, ['id', 'chat_jid']), messageLine);
    const { total, total_is_exact } = found;
    const named = query.chat_jid === undefined ? {} : { chat_name: found.items[0]?.chat_name ?? null };
    return { total, total_is_exact, ...named, ...used, messages: page.items, ...pageEnd(page), ...fresh };
  },
});

export const getMessageStatistics = defineTool({
  name: 'get_message_statistics',
  title: 'Message statistics',
  description:
    'Counts stored messages, chats and contacts, text and each kind of media, and gives the time of the oldest and newest message, overall or for one chat. Use it for how many, and for how far back one chat or all of them reach.',
  toolset: 'messages',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({ chat_jid: ChatJid.optional().describe('Only this chat: JID, phone number or exact name.') }),
  example: { chat_jid: '$chat_jid' },
  output: z.object({
    total_messages: z.number().int(),
    total_chats: z.number().int(),
    total_contacts: z.number().int(),
    media_messages: z.number().int(),
    text_messages: z.number().int(),
    messages_by_type: z.partialRecord(MessageTypeSchema, z.number().int()),
    oldest_message: z.string().nullable(),
    newest_message: z.string().nullable(),
    ...freshnessFields,
  }),
  summary: (stats) =>
    `${stats.total_messages} messages (${stats.media_messages} media, ${stats.text_messages} text) in ${stats.total_chats} chats.`,
  run({ chat_jid }, context) {
    return { ...context.store.messages.statistics(chat_jid), ...freshness(context) };
  },
});

const ChatPage = z.object({
  chat_jid: ChatJid,
  ...timeArguments,
  ...shapeArguments(MessageRowSchema),
  limit: limit(50),
  cursor: Cursor,
});

export const listMessages = defineTool({
  name: 'list_messages',
  title: 'Read a chat',
  description:
    'Reads the messages of one chat, newest first, page by page; use it to catch up on or summarise a conversation. Works offline. To find words in one or all chats use query_synced_messages.',
  toolset: 'messages',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: ChatPage,
  output: z.object({
    chat: ChatRowSchema,
    total: z.number().int().optional(),
    ...timeUsed,
    messages: z.array(MessageRowSchema),
    ...{ ...pageFields, ...freshnessFields },
  }),
  example: { chat_jid: '$chat_jid', limit: 5 },
  lines: { messages: messageLine },
  summary: ({ messages, total }) => `${total ?? messages.length} messages, newest first.`,
  run({ chat_jid, after_time, before_time, cursor, limit: most, ...shape }, context) {
    const { messages, chats } = context.store;
    const { range, used } = timeRange({ after_time, before_time }, context.now);
    const chat = chats.get(chat_jid);
    const found = messages.list(chat.chat_jid, omitUndefined({ ...range, cursor, limit: most }));
    const rows = mapPage(found, (message) => messageInChat(clipContent(message, shape.max_chars), chat));
    const page = fitPage(shapePage(rows, shape, ['id']), messageLine);
    const counted = { chat_jid: chat.chat_jid, ...range, ...countAlone };
    const total = shape.count_only ? { total: messages.query(counted).total } : {};
    return {
      chat: chatHead(chat, shape.fields),
      ...total,
      ...used,
      messages: page.items,
      ...pageEnd(page),
      ...freshness(context),
    };
  },
});

export const getMessage = defineTool({
  name: 'get_message',
  title: 'One message in full',
  description:
    'Gets everything stored about one message: whole text, quoted message, edits, reactions, receipts, poll votes, media details. Use it with a message id from list_messages or query_synced_messages. Give chat_jid when the id occurs in several chats. truncated: of a long list, only the first entries are given.',
  toolset: 'messages',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({ message_id: MessageId, chat_jid: ChatJid.optional() }),
  example: { message_id: '$message_id', chat_jid: '$chat_jid' },
  output: z.object({ message: MessageDetailSchema, truncated: z.boolean(), ...freshnessFields }),
  summary: ({ message }) => `One ${message.type} message of ${message.timestamp}.`,
  run({ message_id, chat_jid }, context) {
    const found = context.store.messages.get(message_id, chat_jid);
    return { ...fitHistories(found), ...freshness(context) };
  },
});

const countAlone = { include_media: true, limit: 1, offset: 0 };

/** The chat of a list of its messages, which show the last one. */
function chatHead(chat: ChatDetail, fields: readonly string[] | undefined) {
  const { chat_jid, name } = chat;
  return fields ? { chat_jid, name } : { ...chatRow(chat), last_message: null };
}

/** A message with its neighbours, whose chat it names. */
function contextView(found: ReturnType<MessageReader['context']>) {
  const { message, before, after, truncated } = fitAround(found);
  const chat = { chat_jid: message.chat_jid, name: message.chat_name };
  const row = (one: MessageView) => messageInChat(one, chat);
  return { message, before: before.map(row), after: after.map(row), truncated };
}

const neighbours = (side: string) =>
  z.number().int().min(0).max(100).default(5).describe(`How many messages ${side} it.`);

export const getMessageContext = defineTool({
  name: 'get_message_context',
  title: 'Messages around one message',
  description:
    'Shows what was said just before and after one message in its chat; use it to understand a search hit. Oldest first. truncated: the farthest ones were left out.',
  toolset: 'messages',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({
    message_id: MessageId,
    before: neighbours('before'),
    after: neighbours('after'),
    chat_jid: ChatJid.optional(),
  }),
  example: { message_id: '$message_id', before: 2, after: 2 },
  output: z.object({
    message: MessageSchema,
    before: z.array(MessageRowSchema),
    after: z.array(MessageRowSchema),
    truncated: z.boolean(),
    ...freshnessFields,
  }),
  lines: { before: messageLine, after: messageLine },
  summary: ({ before, after }) => `${before.length} messages before, ${after.length} after.`,
  run({ message_id, before, after, chat_jid }, context) {
    const found = context.store.messages.context(message_id, before, after, chat_jid);
    return { ...contextView(found), ...freshness(context) };
  },
});
