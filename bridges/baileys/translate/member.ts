import type { Member, MemberRole } from '../../../src/domain/chat.ts';
import { isGroup, normalizeJid } from '../../../src/domain/jid.ts';
import type { proto } from '../library.ts';
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

function memberOf(chatJid: string | undefined, jid: string | null | undefined, role: MemberRole, at: number): Member[] {
  const member = normalizeJid(jid);
  return chatJid && isGroup(chatJid) && member ? [{ chatJid, member, role, at }] : [];
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
    memberOf(chatJid, userJid, ranks[rank ?? 0] ?? 'member', at),
  );
}

/** Who left a group of the history, and when. */
export function pastMembers(groups: readonly proto.IPastParticipants[]): Member[] {
  return groups.flatMap(({ groupJid, pastParticipants }) =>
    (pastParticipants ?? []).flatMap(({ userJid, leaveTs }) =>
      memberOf(normalizeJid(groupJid), userJid, 'left', (seconds(leaveTs) ?? 0) * 1000 || 1),
    ),
  );
}

/** All members of a group that was just made or joined. */
export function membersOfGroup(group: { id?: string; participants?: readonly WireMember[] }, at: number): Member[] {
  const chatJid = normalizeJid(group.id);
  return (group.participants ?? []).flatMap(({ id, admin }) => memberOf(chatJid, id, admin ?? 'member', at));
}

/** What changed for some members of a group; `modify` is a new number of the same person and changes no role. */
export function changedMembers(
  update: { id: string; participants: readonly WireMember[]; action: string },
  at: number,
): Member[] {
  const roles: Record<string, MemberRole> = { add: 'member', demote: 'member', promote: 'admin', remove: 'left' };
  const role = roles[update.action];
  const chatJid = normalizeJid(update.id);
  return role ? update.participants.flatMap(({ id }) => memberOf(chatJid, id, role, at)) : [];
}
