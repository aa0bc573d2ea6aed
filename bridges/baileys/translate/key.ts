import { isGroup, isStatus, normalizeJid } from '../../../src/domain/jid.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { proto } from '../library/library.ts';

/** The chat that a key names, or undefined for what is no chat to us (status posts, system addresses). */
export function chatOf(key: proto.IMessageKey | null | undefined): string | undefined {
  const jid = normalizeJid(key?.remoteJid);
  if (jid === undefined || isStatus(jid)) return undefined;
  // A broadcast list is a chat only for its owner; recipients get its messages in the chat with the author.
  return jid.endsWith('@broadcast') && !key?.fromMe ? normalizeJid(key?.participant) : jid;
}

/** Chat and sender of a message; they identify it together with its id, which its sender chooses freely. */
export function sourceOf({ remoteJid, participant, fromMe }: proto.IMessageKey): string {
  const [chat, sender] = [remoteJid, participant].map((jid) => normalizeJid(jid) ?? jid ?? '');
  return `${chat} ${fromMe ? 'me' : sender}`;
}

/** The author: the account's phone number for own messages, the participant in groups, else the other side. */
export function authorOf(key: proto.IMessageKey, me: Me, participant?: string | null): string | undefined {
  if (key.fromMe) return me.pn;
  const chat = chatOf(key);
  if (chat === undefined || isGroup(chat)) return normalizeJid(key.participant ?? participant);
  return chat;
}
