import * as z from 'zod';
import { memberRoles } from '../../domain/chat.ts';
import { chatKind, chatKinds } from '../../domain/jid.ts';
import { type MessageType, messageTypes } from '../../domain/message.ts';
import type { ChatView, MessageView } from '../../store/reader.ts';
import type { Line } from '../layout.ts';
import { withoutFields } from '../result/omit-undefined.ts';

export const ChatKindSchema = z.enum(chatKinds);

const LastMessageSchema = z.object({
  id: z.string(),
  sender_name: z.string().nullable(),
  content: z.string(),
  content_truncated: z.boolean().optional(),
  type: z.enum(Object.keys(messageTypes) as [MessageType, ...MessageType[]]),
  is_from_me: z.boolean(),
});

/** Everything that is known of a chat without asking who is in it. */
export const ChatSchema = z.object({
  chat_jid: z.string(),
  name: z.string().nullable(),
  kind: ChatKindSchema,
  pn: z.string().nullable(),
  lid: z.string().nullable(),
  parent_jid: z.string().nullable(),
  unread_count: z.number().int(),
  archived: z.boolean(),
  pinned: z.boolean(),
  muted_until: z.string().nullable(),
  cleared_at: z.string().nullable().describe('When the phone cleared or deleted the chat; its messages are kept here.'),
  last_message_at: z.string().nullable(),
  last_message: LastMessageSchema.nullable(),
});

/** A chat in a list. */
export const ChatRowSchema = ChatSchema.extend({
  last_message: LastMessageSchema.partial().required({ id: true }).nullable(),
})
  .partial()
  .required({ chat_jid: true });

const lastLine: Line = { columns: ['sender_name', 'content', 'id'] };
export const chatLine: Line = {
  columns: ['chat_jid', 'name', 'unread_count', 'last_message_at'],
  below: { last_message: lastLine },
};

/**
 * A chat without what goes without saying: the kind that its address shows, that all of it is read, an address that is its
 * JID, and who wrote the last message where the chat is named after them.
 */
export function chatRow(chat: ChatView) {
  const { chat_jid, pn, lid, name, kind, unread_count, last_message } = chat;
  const by = last_message && (last_message.is_from_me || last_message.sender_name === name) && 'sender_name';
  return {
    ...withoutFields(chat, [
      pn === chat_jid && 'pn',
      lid === chat_jid && 'lid',
      kind === chatKind(chat_jid) && 'kind',
      unread_count === 0 && 'unread_count',
    ]),
    last_message: last_message && withoutFields(last_message, [by, plainType(last_message), wordless(last_message)]),
  };
}

/** Most messages are text, so a list names the other types alone, and no text where such a message has none. */
export const plainType = ({ type }: Pick<MessageView, 'type'>) => type === 'text' && 'type';
export const wordless = ({ type, content }: Pick<MessageView, 'type' | 'content'>) =>
  type !== 'text' && content === '' && 'content';

/** One chat with everything known about it. */
export const ChatDetailSchema = ChatSchema.extend({
  total_messages: z.number().int(),
  participant_count: z.number().int().nullable(),
  participants: z
    .array(z.object({ jid: z.string(), name: z.string().nullable(), role: z.enum(memberRoles) }))
    .nullable(),
});
