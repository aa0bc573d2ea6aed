/** What a message can be. `media` types carry a file; in statistics everything else counts as text, so media + text = total. */
export const messageTypes = {
  text: { media: false },
  image: { media: true },
  video: { media: true },
  gif: { media: true },
  audio: { media: true },
  voice: { media: true },
  document: { media: true },
  sticker: { media: true },
  poll: { media: false },
  contact: { media: false },
  location: { media: false },
  event: { media: false },
  invite: { media: false },
  product: { media: false },
  order: { media: false },
  call: { media: false },
  revoked: { media: false },
  unsupported: { media: false },
} as const satisfies Record<string, { media: boolean }>;
export type MessageType = keyof typeof messageTypes;

export const mediaTypes = (Object.keys(messageTypes) as MessageType[]).filter((type) => messageTypes[type].media);

/** A gif is a video and a voice note is audio to someone who filters by media type. */
export const mediaFilters = {
  image: ['image'],
  video: ['video', 'gif'],
  audio: ['audio', 'voice'],
  document: ['document'],
  sticker: ['sticker'],
  gif: ['gif'],
  voice: ['voice'],
} as const satisfies Record<string, readonly MessageType[]>;
export type MediaFilter = keyof typeof mediaFilters;

/** The parts of a message that only some types have; stored as one JSON column. Sizes in bytes, times in seconds. */
export interface MessageDetails {
  media?: {
    mime_type?: string;
    size?: number;
    seconds?: number;
    width?: number;
    height?: number;
    pages?: number;
    sha256?: string;
  };
  link?: { url?: string; title?: string; description?: string };
  quoted?: { id: string; sender?: string; type?: MessageType; text?: string };
  mentions?: string[];
  poll?: { question: string; options: string[]; selectable: number };
  contacts?: { name: string; phone?: string }[];
  location?: { latitude: number; longitude: number; name?: string; address?: string };
  event?: { name: string; starts_at?: number };
  product?: { product_id: string; business_jid?: string };
  /** The token goes with the id: WhatsApp shows an order to whoever has both. */
  order?: { order_id: string; token: string; business_jid?: string; item_count?: number };
  /** For `unsupported`: the field of the wire message that we do not know how to read. */
  wire_type?: string;
}

/**
 * One message as a bridge hands it over and as staging.db holds it. JIDs are as they arrived, without device part;
 * which person or chat they name is resolved by the store. `timestamp` is in seconds since 1970 (UTC).
 */
export interface Message {
  chatJid: string;
  id: string;
  timestamp: number;
  /** Author's JID; the account's own for `fromMe`; null when WhatsApp did not say. */
  sender: string | null;
  fromMe: boolean;
  type: MessageType;
  /** Text or caption; '' when there is none. */
  content: string;
  filename: string | null;
  /** Second searchable line: link title, poll options, contact or place name. */
  title: string | null;
  quotedId: string | null;
  forwarded: boolean;
  viewOnce: boolean;
  starred: boolean;
  /** When a disappearing message goes, in seconds since 1970. */
  expiresAt: number | null;
  /** Delivery state of an own message. */
  status: string | null;
  details: MessageDetails | null;
  /** The WebMessageInfo protobuf, kept for forwarding, resends and media. */
  raw: Uint8Array | null;
}

export const changeKinds = ['edit', 'revoke', 'reaction', 'receipt', 'vote', 'star'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/**
 * Something that happened to a message later. Changes may arrive before their message; per (kind, actor) the latest wins.
 * `value`: edit = new text; reaction = emoji ('' removes); receipt = delivery state; vote = JSON array of option names;
 * star = '1' or '0'; revoke = ''. `at` is in milliseconds since 1970.
 */
export interface MessageChange {
  chatJid: string;
  messageId: string;
  kind: ChangeKind;
  actor: string;
  at: number;
  value: string;
}

/** A vote on a poll that is not here yet: only the poll makes it readable. `info` is the whole message as protobuf. */
export interface WaitingVote {
  pollId: string;
  chatJid: string;
  id: string;
  info: Uint8Array;
}

/** The account's owner deleted a message on the phone, for themselves alone; perhaps before it arrives here. */
export interface Deletion {
  chatJid: string;
  messageId: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A message that WhatsApp sent and that could not be read, or that has come after all. */
export interface UndecryptableMessage {
  chatJid: string;
  messageId: string;
  reason: 'unreadable';
  /** Milliseconds since 1970. */
  at: number;
  healed: boolean;
}
