import * as z from 'zod';
import { type MediaFilter, mediaFilters } from '../../domain/message.ts';
import { ChatSchema } from '../chats/view.ts';
import { defineTool } from '../define.ts';
import { AfterTime, BeforeTime, ChatJid, Cursor, limit, MessageId, Recipient } from '../params.ts';
import { freshness, freshnessFields, searchFreshness } from '../result/freshness.ts';
import { omitUndefined } from '../result/omit-undefined.ts';
import { clipChat, clipPage, fitAround, fitHistories, fitPage, pageEnd, pageFields } from '../result/page.ts';
import { MessageDetailSchema, MessageSchema, MessageTypeSchema } from './view.ts';

const MediaType = z.enum(Object.keys(mediaFilters) as [MediaFilter, ...MediaFilter[]]);

const Search = z.object({
  content: z.string().max(500).optional().describe('Words to find.'),
  chat_jid: ChatJid.optional(),
  sender: Recipient.optional().describe('JID, phone number or part of a name.'),
  after_time: AfterTime,
  before_time: BeforeTime,
  media_type: MediaType.optional().describe('File kind.'),
  from_me: z.boolean().optional().describe('true: own; false: others.'),
  include_media: z.boolean().default(true).describe('false: text only.'),
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
    messages: z.array(MessageSchema.extend({ snippet: z.string() })),
    ...pageFields,
    ...freshnessFields,
  }),
  summary: ({ total, total_is_exact, messages }) =>
    `${total_is_exact ? '' : 'At least '}${total} matches, ${messages.length} here.`,
  async run({ after_time: after, before_time: before, limit: most, ...query }, context) {
    const { messages, chats } = context.store;
    const fresh = await searchFreshness(context);
    const chat_jid = query.chat_jid && chats.resolve(query.chat_jid);
    const filter = { ...query, chat_jid, after, before };
    const page = fitPage((count) => clipPage(messages.query(omitUndefined({ ...filter, limit: count }))), most);
    return { total: page.total, total_is_exact: page.total_is_exact, messages: page.items, ...pageEnd(page), ...fresh };
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
    const { messages, chats } = context.store;
    return { ...messages.statistics(chat_jid && chats.resolve(chat_jid)), ...freshness(context) };
  },
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
  input: z.object({
    chat_jid: ChatJid,
    after_time: AfterTime,
    before_time: BeforeTime,
    limit: limit(50),
    cursor: Cursor,
  }),
  example: { chat_jid: '$chat_jid', limit: 5 },
  output: z.object({ chat: ChatSchema, messages: z.array(MessageSchema), ...pageFields, ...freshnessFields }),
  summary: ({ messages }) => `${messages.length} messages, newest first.`,
  run({ chat_jid, after_time: after, before_time: before, cursor, limit: most }, context) {
    const { messages, chats } = context.store;
    const chat = chats.get(chat_jid);
    const page = fitPage(
      (count) => clipPage(messages.list(chat.chat_jid, omitUndefined({ after, before, cursor, limit: count }))),
      most,
    );
    return { chat: clipChat(chat), messages: page.items, ...pageEnd(page), ...freshness(context) };
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
    const { messages, chats } = context.store;
    const found = messages.get(message_id, chat_jid && chats.resolve(chat_jid));
    return { ...fitHistories(found), ...freshness(context) };
  },
});

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
    before: z.array(MessageSchema),
    after: z.array(MessageSchema),
    truncated: z.boolean(),
    ...freshnessFields,
  }),
  summary: ({ before, after }) => `${before.length} messages before, ${after.length} after.`,
  run({ message_id, before, after, chat_jid }, context) {
    const { messages, chats } = context.store;
    const found = messages.context(message_id, before, after, chat_jid && chats.resolve(chat_jid));
    return { ...fitAround(found), ...freshness(context) };
  },
});
