import type { proto } from '@whiskeysockets/baileys';
import { bodyOf } from './body.ts';
import { kindOf } from './layout.ts';
import { authorOf, keyOf } from './people/author.ts';
import type { Random } from './random.ts';
import type { Thread } from './thread.ts';

function quote(thread: Thread, row: number, random: Random): proto.IContextInfo | undefined {
  const target = row + 1 + random.below(9);
  const limit = row < thread.rows ? thread.rows : thread.rows + thread.olderRows;
  if (target >= limit || !kindOf(thread, target)) return undefined;
  const quotedMessage = bodyOf(thread, target);
  if (!quotedMessage) return undefined;
  return {
    stanzaId: keyOf(thread, target).id!,
    participant: authorOf(thread, target)?.jid ?? thread.own,
    quotedMessage,
  };
}

/** The context of a message: a quoted message, mentions, forwarding, expiry. */
export function contextOf(thread: Thread, row: number, random: Random): proto.IContextInfo | undefined {
  const luck = random.next();
  let context: proto.IContextInfo | undefined;
  if (luck < 0.12) context = quote(thread, row, random);
  else if (luck < 0.155) context = { isForwarded: true, forwardingScore: luck < 0.125 ? 5 : 1 };
  else if (luck < 0.2 && thread.group && kindOf(thread, row) === 'text') {
    const someone = random.pick(thread.members);
    context = { mentionedJid: [someone === authorOf(thread, row) ? thread.own : someone.jid] };
  }
  if (!thread.ephemeral) return context;
  return { ...context, expiration: thread.ephemeral.seconds, ephemeralSettingTimestamp: thread.ephemeral.since };
}

type Holder = { contextInfo?: proto.IContextInfo | null };

/** The message with its context; a plain text becomes an extended one, because only that type has a context. */
export function withContext(message: proto.IMessage, context: proto.IContextInfo): proto.IMessage {
  const mention = context.mentionedJid ? `@${context.mentionedJid[0]!.split('@')[0]} ` : '';
  if (typeof message.conversation === 'string') {
    return { extendedTextMessage: { text: mention + message.conversation, contextInfo: context } };
  }
  if (message.extendedTextMessage) {
    const text = mention + message.extendedTextMessage.text;
    return { extendedTextMessage: { ...message.extendedTextMessage, text, contextInfo: context } };
  }
  const inner = message.viewOnceMessageV2?.message ?? message.documentWithCaptionMessage?.message ?? message;
  const content = Object.entries(inner).find(([name]) => name !== 'messageContextInfo')!;
  (content[1] as Holder).contextInfo = context;
  return message;
}
