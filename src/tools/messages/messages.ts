import * as z from 'zod';
import type { MessageReader, MessageView } from '../../store/reader.ts';
import { defineTool } from '../define.ts';
import { ChatJid, MessageId } from '../params.ts';
import { clipContent } from '../result/clip.ts';
import { fitAround, fitHistories } from '../result/fit.ts';
import { freshness, freshnessFields } from '../result/freshness.ts';
import { type Part, partArguments, partOf } from '../result/shape.ts';
import { MessageDetailSchema, MessageRowSchema, MessageTypeSchema, messageInChat, messageLine } from './view.ts';

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

/** A message with its neighbours, whose chat it names. */
function contextView({ message, before, after }: ReturnType<MessageReader['context']>, part: Part) {
  const chat = { chat_jid: message.chat_jid, name: message.chat_name };
  const clipped = (one: MessageView) => clipContent(one, part.max_chars);
  const row = (one: MessageView) => partOf(part, ['id'])(messageInChat(clipped(one), chat));
  const middle: Partial<MessageView> & { id: string } = partOf(part, ['id', 'chat_jid'])(clipped(message));
  return fitAround({ message: middle, before: before.map(row), after: after.map(row) });
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
    ...partArguments(MessageRowSchema),
  }),
  example: { message_id: '$message_id', before: 2, after: 2 },
  output: z.object({
    message: MessageRowSchema,
    before: z.array(MessageRowSchema),
    after: z.array(MessageRowSchema),
    truncated: z.boolean(),
    ...freshnessFields,
  }),
  lines: { before: messageLine, after: messageLine },
  summary: ({ before, after }) => `${before.length} messages before, ${after.length} after.`,
  run({ message_id, before, after, chat_jid, ...part }, context) {
    const found = context.store.messages.context(message_id, before, after, chat_jid);
    return { ...contextView(found, part), ...freshness(context) };
  },
});
