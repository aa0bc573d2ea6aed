import * as z from 'zod';
import { memberRoles } from '../../domain/chat.ts';
import { chatKinds } from '../../domain/jid.ts';
import { type MessageType, messageTypes } from '../../domain/message.ts';

export const ChatKindSchema = z.enum(chatKinds);

/** A chat in lists. */
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
  last_message: z
    .object({
      id: z.string(),
      sender_name: z.string().nullable(),
      content: z.string(),
      content_truncated: z.boolean().optional(),
      type: z.enum(Object.keys(messageTypes) as [MessageType, ...MessageType[]]),
      is_from_me: z.boolean(),
    })
    .nullable(),
});

/** One chat with everything known about it. */
export const ChatDetailSchema = ChatSchema.extend({
  total_messages: z.number().int(),
  participant_count: z.number().int().nullable(),
  participants: z
    .array(z.object({ jid: z.string(), name: z.string().nullable(), role: z.enum(memberRoles) }))
    .nullable(),
});
