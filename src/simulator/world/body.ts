import type { proto } from '@whiskeysockets/baileys';
import { commerceAt } from './commerce.ts';
import { kindOf, timeOf } from './layout.ts';
import { mediaBody } from './media.ts';
import { type Kind, type MediaKind, mediaKinds } from './message-kind.ts';
import { hash, Random } from './random.ts';
import type { Thread } from './thread.ts';
import { chatText, personName, placeName, pollWords, sentence } from './words/text.ts';
import { links } from './words/vocabulary.ts';

const media = new Set<Kind>(mediaKinds);
const isMedia = (kind: Kind): kind is MediaKind => media.has(kind);

function vcard(thread: Thread, random: Random): proto.Message.IContactMessage {
  const displayName = personName(thread.language, random.below(24));
  const phone = `555 010 ${String(1000 + random.below(9000))}`;
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `N:;${displayName};;;`, `FN:${displayName}`];
  lines.push(`TEL;type=CELL;waid=1${phone.replaceAll(' ', '')}:+1 ${phone}`, 'END:VCARD');
  return { displayName, vcard: lines.join('\n') };
}

function contact(thread: Thread, random: Random): proto.IMessage {
  if (random.chance(0.75)) return { contactMessage: vcard(thread, random) };
  const contacts = [vcard(thread, random), vcard(thread, random)];
  return { contactsArrayMessage: { displayName: `${contacts.length} contacts`, contacts } };
}

function place(thread: Thread, random: Random): proto.Message.ILocationMessage {
  return {
    degreesLatitude: Math.round((random.next() * 120 - 60) * 1e6) / 1e6,
    degreesLongitude: Math.round((random.next() * 360 - 180) * 1e6) / 1e6,
    name: placeName(thread.language, random),
    address: `${1 + random.below(99)} ${placeName('en', random)}`,
  };
}

function location(thread: Thread, random: Random): proto.IMessage {
  const { name, address, ...point } = place(thread, random);
  if (random.chance(0.2)) {
    return { liveLocationMessage: { ...point, accuracyInMeters: 12, caption: sentence(thread.language, random) } };
  }
  return { locationMessage: { ...point, ...(random.chance(0.7) ? { name: name!, address: address! } : {}) } };
}

function poll(thread: Thread, random: Random): proto.IMessage {
  const { question, options } = pollWords(thread.language);
  const selectableOptionsCount = random.below(2);
  const creation = { name: question, options: options.map((optionName) => ({ optionName })), selectableOptionsCount };
  const messageContextInfo = { messageSecret: random.bytes(32) };
  return selectableOptionsCount
    ? { pollCreationMessageV3: creation, messageContextInfo }
    : { pollCreationMessage: creation, messageContextInfo };
}

function event(thread: Thread, random: Random, time: number): proto.IMessage {
  const eventMessage = {
    name: sentence(thread.language, random),
    description: sentence(thread.language, random),
    location: { name: placeName(thread.language, random) },
    startTime: time + 86_400 * (1 + random.below(20)),
    isCanceled: random.chance(0.1),
  };
  return { eventMessage, messageContextInfo: { messageSecret: random.bytes(32) } };
}

function text(thread: Thread, random: Random): proto.IMessage {
  const words = chatText(thread.language, random);
  if (!random.chance(0.03)) return { conversation: words };
  const { url, title, description } = random.pick(links);
  const matchedText = url + random.word().toString(36);
  return { extendedTextMessage: { text: `${words} ${matchedText}`, matchedText, title, description } };
}

/** The text after an edit. */
export function editedBody(thread: Thread, row: number): proto.IMessage {
  return { conversation: chatText(thread.language, new Random(hash(thread.seed, ~thread.index, row))) };
}

/** The content of a counted row, without its context; undefined when it was revoked. */
export function bodyOf(thread: Thread, row: number): proto.IMessage | undefined {
  const kind = kindOf(thread, row)!;
  const random = new Random(hash(thread.seed, thread.index, row));
  const time = timeOf(thread, row);
  if (isMedia(kind)) return mediaBody(kind, thread.language, random, time);
  switch (kind) {
    case 'text':
      return commerceAt(thread, row) ?? text(thread, random);
    case 'poll':
      return poll(thread, random);
    case 'contact':
      return contact(thread, random);
    case 'location':
      return location(thread, random);
    case 'event':
      return event(thread, random, time);
    case 'revoked':
      return undefined;
  }
}
