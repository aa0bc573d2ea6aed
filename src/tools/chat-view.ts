import { z } from 'zod';
import { chatKinds } from '../domain/jid.ts';
import { type MessageType, messageTypes } from '../domain/message.ts';

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
