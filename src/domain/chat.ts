import type { ChatKind } from './jid.ts';

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
  archived?: boolean;
  pinnedAt?: number;
  mutedUntil?: number;
  ephemeralSeconds?: number;
  lastMessageAt?: number;
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
