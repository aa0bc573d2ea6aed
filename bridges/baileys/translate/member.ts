import type { Member, MemberRole } from '../../../src/domain/chat.ts';
import { isGroup, normalizeJid } from '../../../src/domain/jid.ts';
import type { proto } from '../library/library.ts';
import { seconds } from './wire.ts';

/** proto.GroupParticipant.Rank as our role. */
const ranks: readonly MemberRole[] = ['member', 'admin', 'superadmin'];

/** A group member from the library. */
export interface WireMember {
  id?: string;
  phoneNumber?: string | undefined;
  lid?: string | undefined;
  admin?: 'admin' | 'superadmin' | null;
}

type Word = Pick<Member, 'role' | 'at' | 'told'>;

function memberOf(chatJid: string | undefined, jid: string | null | undefined, word: Word): Member[] {
  const member = normalizeJid(jid);
  return chatJid && isGroup(chatJid) && member ? [{ chatJid, member, ...word }] : [];
}

/**
 * When the phone recorded a list of members, ms since 1970: not before the last message it knew. A chunk may be read
 * much later, and "now" would let the old list override newer changes.
 */
export const listedAt = (conversation: proto.IConversation): number =>
  (seconds(conversation.lastMsgTimestamp) ?? seconds(conversation.conversationTimestamp) ?? 0) * 1000 || 1;

/** The members of a group from history. */
export function membersOfConversation(conversation: proto.IConversation): Member[] {
  const chatJid = normalizeJid(conversation.id);
  const at = listedAt(conversation);
  return (conversation.participant ?? []).flatMap(({ userJid, rank }) =>
    memberOf(chatJid, userJid, { role: ranks[rank ?? 0] ?? 'member', at, told: 'list' }),
  );
}

/** The former members of a group from history, and when they left. */
export function pastMembers(groups: readonly proto.IPastParticipants[]): Member[] {
  return groups.flatMap(({ groupJid, pastParticipants }) =>
    (pastParticipants ?? []).flatMap(({ userJid, leaveTs }) =>
      memberOf(normalizeJid(groupJid), userJid, {
        role: 'left',
        at: (seconds(leaveTs) ?? 0) * 1000 || 1,
        told: 'remove',
      }),
    ),
  );
}

/** All members of a group that was created or joined just now. */
export function membersOfGroup(group: { id?: string; participants?: readonly WireMember[] }, at: number): Member[] {
  const chatJid = normalizeJid(group.id);
  return (group.participants ?? []).flatMap(({ id, admin }) =>
    memberOf(chatJid, id, { role: admin ?? 'member', at, told: 'list' }),
  );
}

const roles = { add: 'member', demote: 'member', promote: 'admin', remove: 'left' } as const;

/** proto.WebMessageInfo.StubType of the notices that change members. */
const notices: Record<number, keyof typeof roles> = {
  27: 'add',
  28: 'remove',
  29: 'promote',
  30: 'demote',
  31: 'add',
  32: 'remove',
};

/**
 * Changes of members from group notices, with their time: the library's own event has no time and is late after an
 * offline period.
 */
export function noticedMembers(messages: readonly proto.IWebMessageInfo[]): Member[] {
  return messages.flatMap(({ key, messageStubType, messageStubParameters, messageTimestamp }) => {
    const told = notices[messageStubType ?? 0];
    const second = seconds(messageTimestamp);
    if (told === undefined || second === undefined) return [];
    const word = { role: roles[told], at: second * 1000, told };
    return (messageStubParameters ?? []).flatMap((named) => memberOf(normalizeJid(key?.remoteJid), idIn(named), word));
  });
}

/** A member in a notice is an address, or JSON that contains one. */
function idIn(named: string): string | undefined {
  if (!named.startsWith('{')) return named;
  try {
    const { id } = JSON.parse(named) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Changes of some members of a group; `modify` is a new number of the same person and keeps the role. */
export function changedMembers(
  update: { id: string; participants: readonly WireMember[]; action: string },
  at: number,
): Member[] {
  const told = (['add', 'demote', 'promote', 'remove'] as const).find((event) => event === update.action);
  if (told === undefined) return [];
  const chatJid = normalizeJid(update.id);
  return update.participants.flatMap(({ id }) => memberOf(chatJid, id, { role: roles[told], at, told }));
}
