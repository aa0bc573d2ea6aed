import type { ChatKind } from './jid.ts';
import type { MemberTold } from './rights.ts';

/**
 * A chat as WhatsApp described it. Undefined fields are unknown and never overwrite a known value. Times in seconds.
 */
export interface Chat {
  jid: string;
  kind?: ChatKind;
  name?: string;
  pn?: string;
  lid?: string;
  /** JID of the community that a group belongs to. */
  parentJid?: string;
  unreadCount?: number;
  /** The time up to which `unreadCount` counts; `lastMessageAt` by default. */
  unreadAt?: number;
  /** Everything up to this time was read. */
  readUpto?: number;
  archived?: boolean;
  pinnedAt?: number;
  mutedUntil?: number;
  ephemeralSeconds?: number;
  lastMessageAt?: number;
  /** When the phone last cleared or deleted the chat. */
  clearedAt?: number;
  /** In milliseconds: members with an older fact have left, because a list from then did not name them. */
  membersAt?: number;
}

export const memberRoles = ['member', 'admin', 'superadmin', 'left'] as const;
export type MemberRole = (typeof memberRoles)[number];

/**
 * The role of a group member from `at` (milliseconds since 1970) on; the latest fact for each member wins. `told` is
 * its source, absent when unknown.
 */
export interface Member {
  chatJid: string;
  member: string;
  role: MemberRole;
  at: number;
  told?: MemberTold;
}

/** A person. `savedName` is from the phone's address book, `pushName` is the name that the person chose. */
export interface Contact {
  jid: string;
  pn?: string;
  lid?: string;
  savedName?: string;
  pushName?: string;
  businessName?: string;
}

/** Two addresses of one person. */
export interface LidPair {
  lid: string;
  pn: string;
}
