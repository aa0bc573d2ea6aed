import type { ChatKind } from './jid.ts';
import type { MemberTold } from './rights.ts';

/** A chat as WhatsApp described it. Undefined fields are unknown and never overwrite a known value. Times in seconds. */
export interface Chat {
  jid: string;
  kind?: ChatKind;
  name?: string;
  pn?: string;
  lid?: string;
  /** JID of the community a group belongs to. */
  parentJid?: string;
  unreadCount?: number;
  /** Up to when `unreadCount` had counted; `lastMessageAt` when it is left out. */
  unreadAt?: number;
  /** Everything up to here was read. */
  readUpto?: number;
  archived?: boolean;
  pinnedAt?: number;
  mutedUntil?: number;
  ephemeralSeconds?: number;
  lastMessageAt?: number;
  /** When the phone last cleared or deleted the chat. */
  clearedAt?: number;
  /** In milliseconds: members whose word is older have left, since a list of then named all who had not. */
  membersAt?: number;
}

export const memberRoles = ['member', 'admin', 'superadmin', 'left'] as const;
export type MemberRole = (typeof memberRoles)[number];

/**
 * What somebody is in a group from `at` (milliseconds since 1970) on; per member the latest word wins. `told` is how that
 * was said; left out where that is not known.
 */
export interface Member {
  chatJid: string;
  member: string;
  role: MemberRole;
  at: number;
  told?: MemberTold;
}

/** A person. `savedName` is from the phone's address book, `pushName` what the person calls themselves. */
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
