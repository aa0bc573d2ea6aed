import type { proto } from '@whiskeysockets/baileys';
import { mediaBody } from './media.ts';
import { messageId } from './message-id.ts';
import { hash, Random } from './random.ts';
import { chatText } from './words/text.ts';
import type { Person, WorldChat } from './world.ts';

const chat = 127;
const posts = 12;

function* statuses(seed: number, people: readonly Person[], now: number): Generator<proto.IWebMessageInfo> {
  for (let row = 0; row < posts; row++) {
    const random = new Random(hash(seed, chat, row));
    const person = people[(row * 7) % people.length]!;
    const participant = (person.lid ?? person.pn)!;
    const messageTimestamp = now - 3600 - row * 5400;
    yield {
      key: { remoteJid: 'status@broadcast', fromMe: false, id: messageId(seed, chat, row), participant },
      participant,
      pushName: person.pushName,
      message: random.chance(0.5)
        ? mediaBody('image', 'en', random, messageTimestamp)
        : { extendedTextMessage: { text: chatText('en', random), backgroundArgb: 0xff257a75 } },
      messageTimestamp,
    };
  }
}

/** Status posts of the last day, newest first; `now` in seconds. They belong to no person's chat. */
export function statusPosts(seed: number, people: readonly Person[], now: number): WorldChat {
  return {
    jid: 'status@broadcast',
    conversation: {},
    count: 0,
    rows: posts,
    messages: () => statuses(seed, people, now),
  };
}
