import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import type { World, WorldChat } from '../../../src/simulator/world/world.ts';

/** How a person sees a row: derived from the wire form alone, independently of the generator. */
export function seenAs(info: proto.IWebMessageInfo): string | undefined {
  if (info.messageStubType === proto.WebMessageInfo.StubType.REVOKE) return 'revoked';
  const { messageContextInfo: _, ...message } = unwrapped(info);
  const [name] = Object.keys(message);
  if (!name || name === 'protocolMessage' || name === 'reactionMessage') return undefined;
  if (name === 'audioMessage') return message.audioMessage!.ptt ? 'voice' : 'audio';
  if (name === 'videoMessage') return message.videoMessage!.gifPlayback ? 'gif' : 'video';
  return named[name] ?? `unknown ${name}`;
}

const named: Record<string, string> = {
  conversation: 'text',
  extendedTextMessage: 'text',
  imageMessage: 'image',
  ptvMessage: 'video',
  documentMessage: 'document',
  stickerMessage: 'sticker',
  pollCreationMessage: 'poll',
  pollCreationMessageV3: 'poll',
  contactMessage: 'contact',
  contactsArrayMessage: 'contact',
  locationMessage: 'location',
  liveLocationMessage: 'location',
  eventMessage: 'event',
  productMessage: 'product',
  orderMessage: 'order',
};

export const media = ['image', 'video', 'gif', 'audio', 'voice', 'document', 'sticker'];

/** The message without the wrappers around it. */
export function unwrapped(info: proto.IWebMessageInfo): proto.IMessage {
  let message = info.message ?? {};
  for (;;) {
    const { ephemeralMessage, viewOnceMessageV2, documentWithCaptionMessage, editedMessage } = message;
    const inner = (ephemeralMessage ?? viewOnceMessageV2 ?? documentWithCaptionMessage ?? editedMessage)?.message;
    if (!inner) return message;
    message = inner;
  }
}

/** Text, caption and file name of a row. */
export function wordsOf(info: proto.IWebMessageInfo): { text: string; caption: string; file: string } {
  const message = unwrapped(info);
  const content = message.imageMessage ?? message.videoMessage ?? message.documentMessage;
  return {
    text: message.conversation ?? message.extendedTextMessage?.text ?? '',
    caption: content?.caption ?? '',
    file: message.documentMessage?.fileName ?? '',
  };
}

export const isStatus = (chat: WorldChat): boolean => chat.jid === 'status@broadcast';
export const encode = (info: proto.IWebMessageInfo): Uint8Array =>
  proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(info)).finish();

/** Every row of every chat, with its chat; the older ones only on request. */
export function* allRows(world: World, older = false): Generator<{ chat: WorldChat; info: proto.IWebMessageInfo }> {
  for (const chat of world.chats) {
    for (const info of chat.messages()) yield { chat, info };
    if (older) for (const info of chat.olderMessages?.() ?? []) yield { chat, info };
  }
}

/** One hash of all data of a world. */
export function hashOf(world: World): string {
  const hash = createHash('sha256');
  for (const { info } of allRows(world, true)) hash.update(encode(info));
  for (const { conversation, jid } of world.chats) {
    hash.update(proto.Conversation.encode(proto.Conversation.fromObject({ ...conversation, id: jid })).finish());
  }
  const people = world.people.map(({ about: _about, picture: _picture, ...person }) => person); // not part of any row
  hash.update(JSON.stringify([people, world.me, world.now]));
  return hash.digest('hex');
}
