import type { Chat, LidPair } from '../../../src/domain/chat.ts';
import { chatKind, isGroup, isLid, isPn, isStatus, normalizeJid } from '../../../src/domain/jid.ts';
import type { proto } from '../library/library.ts';
import { listedAt } from './member.ts';
import { compact, number, positive, seconds, text, type WireNumber } from './wire.ts';

/** The last second that ISO 8601 can express with four-digit years: "muted for ever". */
const forever = 253_402_300_799;

/** Unix seconds; WhatsApp writes −1 (or its unsigned twin) for "for ever", 0 or null for "not muted". */
function mutedUntil(value: WireNumber): number | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 0;
  const plain = typeof value === 'object' ? value.toNumber() : Number(value);
  if (plain < 0 || plain > forever * 1000) return forever;
  return Math.min(seconds(plain) ?? 0, forever);
}

/** Both addresses of the other person in a direct chat, when the conversation has them. */
export function pairOf(conversation: Pick<proto.IConversation, 'id' | 'pnJid' | 'lidJid'>): LidPair | undefined {
  const own = normalizeJid(conversation.id);
  if (own === undefined) return undefined;
  const lid = isLid(own) ? own : normalizeJid(conversation.lidJid);
  const pn = isPn(own) ? own : normalizeJid(conversation.pnJid);
  return lid && pn && isLid(lid) && isPn(pn) ? { lid, pn } : undefined;
}

/** A history conversation as a chat; undefined for status posts and invalid addresses. */
export function chatOfConversation(conversation: proto.IConversation): Chat | undefined {
  const jid = normalizeJid(conversation.id);
  if (jid === undefined || isStatus(jid)) return undefined;
  const pair = isGroup(jid) ? undefined : pairOf(conversation);
  const chat = compact<Chat>({
    jid,
    kind: conversation.isParentGroup ? 'community' : chatKind(jid),
    name: text(conversation.displayName) ?? text(conversation.name),
    pn: pair?.pn,
    lid: pair?.lid,
    parentJid: normalizeJid(conversation.parentGroupId),
    unreadCount: conversation.markedAsUnread ? number(conversation.unreadCount) || 1 : number(conversation.unreadCount),
    archived: conversation.archived ?? undefined,
    pinnedAt: seconds(conversation.pinned),
    mutedUntil: conversation.muteEndTime === null ? undefined : mutedUntil(conversation.muteEndTime),
    ephemeralSeconds: positive(conversation.ephemeralExpiration),
    lastMessageAt: seconds(conversation.lastMsgTimestamp) ?? seconds(conversation.conversationTimestamp),
    membersAt: isGroup(jid) && conversation.participant?.length ? listedAt(conversation) : undefined,
  });
  return chat;
}

/**
 * A chat from `chats.update`, where null means "no longer". We ignore its time: messages bring their own, and after the
 * library merges an edit this is the time of the edit. Unread counts follow from messages and read marks (setting.ts).
 */
export function chatOfUpdate(update: Partial<proto.IConversation>): Chat | undefined {
  const jid = normalizeJid(update.id);
  if (jid === undefined || isStatus(jid)) return undefined;
  const chat = compact<Chat>({
    jid,
    name: text(update.name),
    archived: update.archived ?? undefined,
    pinnedAt: update.pinned === null ? 0 : seconds(update.pinned),
    mutedUntil: mutedUntil(update.muteEndTime),
    ephemeralSeconds: update.ephemeralExpiration === undefined ? undefined : (number(update.ephemeralExpiration) ?? 0),
  });
  return chat && Object.keys(chat).length > 1 ? chat : undefined;
}

/** A group from its metadata or an update. */
export function chatOfGroup(
  group: {
    id?: string;
    subject?: string;
    linkedParent?: string | undefined;
    isCommunity?: boolean | undefined;
    ephemeralDuration?: number | undefined;
    participants?: readonly unknown[];
  },
  nowMs: number,
): Chat | undefined {
  const jid = normalizeJid(group.id);
  if (jid === undefined || !isGroup(jid)) return undefined;
  const chat = compact<Chat>({
    jid,
    kind: group.isCommunity ? 'community' : undefined,
    name: text(group.subject),
    parentJid: normalizeJid(group.linkedParent),
    ephemeralSeconds: number(group.ephemeralDuration),
    membersAt: group.participants?.length ? nowMs : undefined,
  });
  return chat && Object.keys(chat).length > 1 ? chat : undefined;
}
