import * as z from 'zod';
import { type MessageType, messageTypes } from '../../domain/message.ts';

export const MessageTypeSchema = z.enum(Object.keys(messageTypes) as [MessageType, ...MessageType[]]);

/** A message in lists. */
export const MessageSchema = z.object({
  id: z.string(),
  chat_jid: z.string(),
  chat_name: z.string().nullable(),
  sender: z.string().nullable(),
  sender_name: z.string().nullable(),
  content: z.string(),
  content_truncated: z.boolean().optional(),
  timestamp: z.string(),
  is_from_me: z.boolean(),
  type: MessageTypeSchema,
  media_type: MessageTypeSchema.nullable(),
  filename: z.string().nullable(),
  edited: z.boolean(),
  quoted_id: z.string().nullable(),
});

const Details = z.object({
  media: z
    .object({
      mime_type: z.string().optional(),
      size: z.number().optional(),
      seconds: z.number().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      pages: z.number().optional(),
      sha256: z.string().optional(),
    })
    .optional(),
  link: z
    .object({ url: z.string().optional(), title: z.string().optional(), description: z.string().optional() })
    .optional(),
  mentions: z.array(z.string()).optional(),
  contacts: z.array(z.object({ name: z.string(), phone: z.string().optional() })).optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  event: z.object({ name: z.string(), starts_at: z.number().optional() }).optional(),
  product: z.object({ product_id: z.string(), business_jid: z.string().optional() }).optional(),
  order: z
    .object({
      order_id: z.string(),
      token: z.string(),
      business_jid: z.string().optional(),
      item_count: z.number().int().optional(),
    })
    .optional(),
  wire_type: z.string().optional(),
});

/** Everything known about one message. */
export const MessageDetailSchema = MessageSchema.extend({
  sender_jids: z.object({ pn: z.string().nullable(), lid: z.string().nullable() }),
  quoted: z
    .object({
      id: z.string(),
      sender: z.string().optional(),
      type: MessageTypeSchema.optional(),
      text: z.string().optional(),
      unverified: z.literal(true).optional(),
    })
    .nullable()
    .optional(),
  edits: z.array(z.object({ at: z.string(), content: z.string(), original: z.boolean().optional() })),
  reactions: z.array(
    z.object({ sender: z.string(), sender_name: z.string().nullable(), emoji: z.string(), at: z.string() }),
  ),
  receipts: z.array(z.object({ recipient: z.string(), status: z.string(), at: z.string() })),
  poll: z
    .object({ question: z.string(), options: z.array(z.object({ name: z.string(), votes: z.number().int() })) })
    .nullable(),
  details: Details.nullable(),
  starred: z.boolean(),
  forwarded: z.boolean(),
  view_once: z.boolean(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  status: z.string().nullable(),
  read: z.boolean().nullable(),
});
