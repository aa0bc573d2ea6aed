import { normalizeJid } from '../../../src/domain/jid.ts';
import type { Message, MessageChange, MessageDetails } from '../../../src/domain/message.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { proto } from '../library/library.ts';
import { changesOf, deliveryOf } from './change.ts';
import { type Content, readContent } from './content.ts';
import { authorOf, chatOf } from './key.ts';
import { unwrap, visibleField } from './unwrap.ts';
import { positive, seconds, text } from './wire.ts';

export interface TranslateContext {
  me: Me;
  /** The time for a message without one, ms since 1970. */
  now: number;
  /** WebMessageInfo as protobuf bytes. */
  encode(info: proto.IWebMessageInfo): Uint8Array;
}

export interface Translated {
  /** Undefined for what is not a visible message: stubs, status posts, changes of other messages. */
  message?: Message;
  changes: MessageChange[];
}

/** proto.WebMessageInfo.StubType.REVOKE: the only stub that replaces a message. */
const revokeStub = 1;

function quoted(context: proto.IContextInfo): MessageDetails['quoted'] | undefined {
  const id = text(context.stanzaId);
  if (id === undefined) return undefined;
  const sender = normalizeJid(context.participant);
  const inner = unwrap(context.quotedMessage ?? {}).message;
  const field = visibleField(inner);
  const content = field === undefined ? undefined : readContent(field, inner[field as keyof proto.IMessage]);
  const quote = { id, ...(sender && { sender }) };
  return content ? { ...quote, type: content.type, ...(content.content && { text: content.content }) } : quote;
}

function details(content: Content): MessageDetails | null {
  const context = content.context ?? {};
  const quote = quoted(context);
  const mentions = (context.mentionedJid ?? []).map(normalizeJid).filter((jid) => jid !== undefined);
  const all: MessageDetails = {
    ...content.details,
    ...(quote && { quoted: quote }),
    ...(mentions.length > 0 && { mentions }),
  };
  return Object.keys(all).length > 0 ? all : null;
}

/** The visible content of a message; undefined when there is none. */
function visible(info: proto.IWebMessageInfo): (Content & { viewOnce: boolean }) | undefined {
  const { message, viewOnce } = unwrap(info.message ?? {});
  const field = visibleField(message);
  if (field !== undefined) {
    const value = message[field as keyof proto.IMessage];
    const marked = value !== null && typeof value === 'object' && 'viewOnce' in value && value.viewOnce === true;
    return { ...readContent(field, value), viewOnce: viewOnce || marked };
  }
  if (viewOnce) return { type: 'unsupported', details: { wire_type: 'viewOnceMessage' }, viewOnce }; // already opened on another device
  return info.messageStubType === revokeStub ? { type: 'revoked', viewOnce: false } : undefined;
}

function expiry(info: proto.IWebMessageInfo, content: Content, timestamp: number): number | null {
  const duration = positive(info.ephemeralDuration) ?? positive(content.context?.expiration);
  return duration === undefined ? null : (seconds(info.ephemeralStartTimestamp) ?? timestamp) + duration;
}

function row(info: proto.IWebMessageInfo, context: TranslateContext): Message | undefined {
  const chatJid = chatOf(info.key);
  const id = text(info.key?.id);
  const content = visible(info);
  if (!info.key || chatJid === undefined || id === undefined || !content) return undefined;
  const timestamp = seconds(info.messageTimestamp) ?? Math.trunc(context.now / 1000);
  const wire = content.context;
  return {
    chatJid,
    id,
    timestamp,
    sender: authorOf(info.key, context.me, info.participant) ?? null,
    fromMe: info.key.fromMe === true,
    type: content.type,
    content: content.content ?? '',
    filename: content.filename ?? null,
    title: content.title ?? null,
    quotedId: text(wire?.stanzaId) ?? null,
    forwarded: wire?.isForwarded === true || positive(wire?.forwardingScore) !== undefined,
    viewOnce: content.viewOnce,
    starred: info.starred === true,
    expiresAt: expiry(info, content, timestamp),
    status: info.key.fromMe ? (deliveryOf(info.status) ?? null) : null,
    details: details(content),
    raw: context.encode(info),
  };
}

/**
 * Translates one wire message into a row, into changes, into both, or into neither. Never throws on what the library
 * decoded.
 */
export function translateMessage(info: proto.IWebMessageInfo, context: TranslateContext): Translated {
  const message = row(info, context);
  const changes = changesOf(info, context.me, context.now);
  return message ? { message, changes } : { changes };
}
