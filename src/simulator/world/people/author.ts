import type { proto } from '@whiskeysockets/baileys';
import { messageId } from '../message-id.ts';
import { unit } from '../random.ts';
import type { Member, Thread } from '../thread.ts';

/** The author of a row: a member of the chat, or undefined for me. */
export function authorOf(thread: Thread, row: number): Member | undefined {
  const { seed, index, group, members, writers } = thread;
  const who = unit(seed ^ 0xa07, index, row);
  if (row >= thread.unread && !writers && who < (group ? 0.2 : 0.45)) return undefined;
  const list = writers ?? members;
  // Some members write more than others.
  const place = unit(seed ^ 0xb08, index, row);
  return list[Math.floor(list.length * place * Math.sqrt(place))]!;
}

/** The key of a row as the phone stores it; group messages of others name their author. */
export function keyOf(thread: Thread, row: number): proto.IMessageKey {
  const author = authorOf(thread, row);
  const key: proto.IMessageKey = {
    remoteJid: thread.jid,
    fromMe: !author,
    id: messageId(thread.seed, thread.index, row),
  };
  if (author && thread.group) key.participant = author.jid;
  return key;
}

/** The key under which a member's `serial`-th (below 4) reaction or vote to a row was sent. */
export function addOnKey(thread: Thread, row: number, serial: number, member: Member | undefined): proto.IMessageKey {
  const id = messageId(thread.seed, thread.index + 128, row * 4 + serial);
  const key: proto.IMessageKey = { remoteJid: thread.jid, fromMe: !member, id };
  if (member && thread.group) key.participant = member.jid;
  return key;
}
