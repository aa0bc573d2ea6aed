import * as z from 'zod';
import { type MessageType, messageTypes } from '../../domain/message.ts';
import type { ChatView, MessageView } from '../../store/reader.ts';
import { plainType, wordless } from '../chats/view.ts';
import type { Line } from '../layout.ts';
import { withoutFields } from '../result/omit-undefined.ts';

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

/** A message in a list, without what the list says of all of them; one without a type is text. */
export const MessageRowSchema = MessageSchema.partial().required({ id: true });

type Shown = MessageView & { content_truncated?: true };

/** A message that a search found. */
export const FoundMessageSchema = MessageRowSchema.extend({ snippet: z.string().optional() });

export const messageLine: Line = { columns: ['timestamp', 'sender_name', 'content', 'id'] };

/** A message in a list of one chat that the result names: who wrote it stands where that is neither this chat nor the user. */
export function messageInChat(message: Shown, chat: Pick<ChatView, 'chat_jid' | 'name'>) {
  const { is_from_me, sender, sender_name } = message;
  return withoutFields(message, [
    repeatedType(message),
    plainType(message),
    wordless(message),
    'chat_jid',
    'chat_name',
    (is_from_me || sender === chat.chat_jid) && 'sender',
    (is_from_me || sender_name === chat.name) && 'sender_name',
  ]);
}

/** The addresses that a list has told, by the name beside each. */
export type Told = Map<string, string | null>;

/** Such messages of one list, in which the address of a person stands beside their name once. */
export const messagesInChat = (
  messages: readonly Shown[],
  chat: Pick<ChatView, 'chat_jid' | 'name'>,
  told: Told = new Map(),
) =>
  messages.map((message) => {
    const { sender, sender_name } = message;
    const isTold = sender_name !== null && told.get(sender_name) === sender;
    if (sender_name !== null) told.set(sender_name, sender);
    return withoutFields(messageInChat(message, chat), [isTold && 'sender']);
  });

/** A message among those of several chats. */
export function messageAnywhere(message: Shown & { snippet: string }, isOneChat: boolean) {
  const { chat_jid, chat_name, sender, sender_name, is_from_me, snippet, content } = message;
  return withoutFields(message, [
    repeatedType(message),
    plainType(message),
    (isOneChat || chat_name === sender_name) && 'chat_name',
    (is_from_me || sender === chat_jid) && 'sender',
    snippet === content && 'snippet',
  ]);
}

const repeatedType = ({ media_type, type }: MessageView) => media_type === type && 'media_type';

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
  event: z.object({ name: z.string(), starts_at: z.string().optional() }).optional(),
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
