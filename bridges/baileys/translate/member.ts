import type { Member, MemberRole } from '../../../src/domain/chat.ts';
import { isGroup, normalizeJid } from '../../../src/domain/jid.ts';
import type { proto } from '../library/library.ts';
import { seconds } from './wire.ts';

/** proto.GroupParticipant.Rank in our words. */
const ranks: readonly MemberRole[] = ['member', 'admin', 'superadmin'];

/** A person in a group as the library describes one. */
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
 * When the phone wrote a list of members down, milliseconds since 1970: not before the last message it knew. A chunk may
 * be read much later, so the present would let an old list win over newer news.
 */
export const listedAt = (conversation: proto.IConversation): number =>
  (seconds(conversation.lastMsgTimestamp) ?? seconds(conversation.conversationTimestamp) ?? 0) * 1000 || 1;

/** Who is in a group of the history. */
export function membersOfConversation(conversation: proto.IConversation): Member[] {
  const chatJid = normalizeJid(conversation.id);
  const at = listedAt(conversation);
  return (conversation.participant ?? []).flatMap(({ userJid, rank }) =>
    memberOf(chatJid, userJid, { role: ranks[rank ?? 0] ?? 'member', at, told: 'list' }),
  );
}

/** Who left a group of the history, and when. */
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

/** All members of a group that was just made or joined. */
export function membersOfGroup(group: { id?: string; participants?: readonly WireMember[] }, at: number): Member[] {
  const chatJid = normalizeJid(group.id);
  return (group.participants ?? []).flatMap(({ id, admin }) =>
    memberOf(chatJid, id, { role: admin ?? 'member', at, told: 'list' }),
  );
}

const roles = { add: 'member', demote: 'member', promote: 'admin', remove: 'left' } as const;

/** proto.WebMessageInfo.StubType: what a notice in a group says of those it names. */
const notices: Record<number, keyof typeof roles> = {
  27: 'add',
  28: 'remove',
  29: 'promote',
  30: 'demote',
  31: 'add',
  32: 'remove',
};

/**
 * What notices in groups say of members, with the time at which it happened: the library's own event has none, and after
 * the program was away it comes late.
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

/** A member in a notice is an address, or JSON with one. */
function idIn(named: string): string | undefined {
  if (!named.startsWith('{')) return named;
  try {
    const { id } = JSON.parse(named) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** What changed for some members of a group; `modify` is a new number of the same person and changes no role. */
export function changedMembers(
  update: { id: string; participants: readonly WireMember[]; action: string },
  at: number,
): Member[] {
  const told = (['add', 'demote', 'promote', 'remove'] as const).find((event) => event === update.action);
  if (told === undefined) return [];
  const chatJid = normalizeJid(update.id);
  return update.participants.flatMap(({ id }) => memberOf(chatJid, id, { role: roles[told], at, told }));
}
