import { messageColumnTypes } from './message-columns.ts';

/**
 * The types of messages. `media` types carry a file; in statistics all other types count as text, so media + text =
 * total.
 */
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

/** When filtering by media type, a gif is a video and a voice note is audio. */
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

/** Parts of a message that only some types have; stored as one JSON column. Sizes in bytes, times in seconds. */
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
  /** The id and the token together give access to the order at WhatsApp. */
  order?: { order_id: string; token: string; business_jid?: string; item_count?: number };
  /** For `unsupported`: the unknown field of the wire message. */
  wire_type?: string;
}

/** The fields whose type says more than their column. JIDs are as they arrived, without device part. */
interface TypedFields {
  chatJid: string;
  id: string;
  timestamp: number;
  /** Author's JID; the account's own for `fromMe`; null when WhatsApp did not report it. */
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
  /** When a disappearing message expires, in seconds since 1970. */
  expiresAt: number | null;
  /** Delivery state of an own message. */
  status: string | null;
  details: MessageDetails | null;
  /** The WebMessageInfo protobuf, kept for forwarding, resends and media. */
  raw: Uint8Array | null;
}

/** Any other column is a field of its own type. */
type OtherFields = {
  [Column in MessageColumn as Camel<Column> extends keyof TypedFields ? never : Camel<Column>]: MessageValues[Column];
};

/**
 * One message as a bridge delivers it and as staging.db holds it; the store resolves its JIDs to people and chats.
 * `timestamp` is in seconds since 1970 (UTC).
 */
export type Message = TypedFields & OtherFields;

type Columns = typeof messageColumnTypes;

/** A column that both bridges deliver with a message. */
export type MessageColumn = keyof Columns;

export const messageColumns = Object.keys(messageColumnTypes) as MessageColumn[];

type StoredAs<Type extends string> = Type extends `${string} NOT NULL${string}`
  ? Type extends `INTEGER${string}` | `REAL${string}`
    ? number
    : string
  : Type extends 'BLOB'
    ? Uint8Array | null
    : Type extends `INTEGER${string}` | `REAL${string}`
      ? number | null
      : string | null;

/** The delivered columns of a message as they are stored. */
export type MessageValues = { [Column in MessageColumn]: StoredAs<Columns[Column]> };

/** The columns that a view of a message may show as they are stored: all that it shows in no other form. */
export type PlainValues = Omit<
  MessageValues,
  'id' | 'timestamp' | 'sender' | 'from_me' | 'type' | 'content' | 'filename' | 'title' | 'quoted_id' | NotPlain
>;

type NotPlain = 'forwarded' | 'view_once' | 'starred' | 'expires_at' | 'details' | 'raw';

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** Each column has a field in `Message`: a column without one is a type error here. */
const fieldOf = (column: MessageColumn): keyof Message =>
  column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as Camel<MessageColumn>;

const fields = messageColumns.map((column) => {
  const type: string = messageColumnTypes[column];
  return { field: fieldOf(column), isWhole: type.startsWith('INTEGER'), isRequired: type.includes('NOT NULL') };
});

type StoredValue = MessageValues[MessageColumn];

/** What the columns of a message hold, in their order: whole numbers, 1 for true, and JSON for objects. */
export function messageValues(message: Message): StoredValue[] {
  const values: StoredValue[] = [];
  for (const { field, isWhole, isRequired } of fields) {
    const value = message[field] ?? null;
    values.push(value === null || typeof value === 'string' ? value : storedValue(value, isWhole, isRequired));
  }
  return values;
}

function storedValue(
  value: Exclude<Message[keyof Message], string | null>,
  isWhole: boolean,
  isRequired: boolean,
): StoredValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  // A time that is not a number is 0 where there must be one.
  if (typeof value === 'number') return isWhole ? Math.trunc(value) || (isRequired ? 0 : Math.trunc(value)) : value;
  return value instanceof Uint8Array ? value : JSON.stringify(value);
}

export const changeKinds = ['edit', 'revoke', 'reaction', 'receipt', 'vote', 'star'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/**
 * A later event about a message. Changes may arrive before their message; per (kind, actor) the latest wins.
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

/** A vote whose poll has not arrived; only the poll can decrypt it. `info` is the whole message as protobuf. */
export interface WaitingVote {
  pollId: string;
  chatJid: string;
  id: string;
  info: Uint8Array;
}

/** The account's owner deleted a message on the phone, for themselves only; possibly before it arrives here. */
export interface Deletion {
  chatJid: string;
  messageId: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A message from WhatsApp that could not be decrypted, or that has arrived readable since. */
export interface UndecryptableMessage {
  chatJid: string;
  messageId: string;
  reason: 'unreadable';
  /** Milliseconds since 1970. */
  at: number;
  healed: boolean;
}
