import * as z from 'zod';
import { memberRoles } from '../../domain/chat.ts';
import { chatKinds } from '../../domain/jid.ts';
import { type MessageType, messageTypes } from '../../domain/message.ts';
import type { ChatView } from '../../store/reader.ts';
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
  columns: ['chat_jid', 'name', 'kind', 'unread_count', 'last_message_at'],
  below: { last_message: lastLine },
};

/** A chat without what its other fields say: an address that is its JID, and a last message by whom it is named after. */
export function chatRow(chat: ChatView) {
  const { chat_jid, pn, lid, name, last_message } = chat;
  const by = last_message && (last_message.is_from_me || last_message.sender_name === name) && 'sender_name';
  return {
    ...withoutFields(chat, [pn === chat_jid && 'pn', lid === chat_jid && 'lid']),
    last_message: last_message && withoutFields(last_message, [by, last_message.type === 'text' && 'type']),
  };
}

/** One chat with everything known about it. */
export const ChatDetailSchema = ChatSchema.extend({
  total_messages: z.number().int(),
  participant_count: z.number().int().nullable(),
  participants: z
    .array(z.object({ jid: z.string(), name: z.string().nullable(), role: z.enum(memberRoles) }))
    .nullable(),
});
