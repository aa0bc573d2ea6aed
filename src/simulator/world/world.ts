import type { proto } from '@whiskeysockets/baileys';
import type { Shop } from './shop.ts';

/**
 * The people, chats and messages of the simulated phone. A pure function of its options: two runs give the same rows.
 * Every address is a full JID as the phone would put it into a history chunk; all numbers are from reserved ranges.
 * Chats with `count` 0 are a community's parent and `status@broadcast` (its messages are status posts).
 */
export interface World {
  /** The linked account. */
  me: { pn: string; lid: string; name: string };
  /** The current time of the world, milliseconds since 1970; no message is newer. */
  now: number;
  people: readonly Person[];
  chats: readonly WorldChat[];
  /** Business accounts by their address; all other addresses are people. */
  shops?: ReadonlyMap<string, Shop>;
  /** Addresses that the account has blocked. */
  blocked?: readonly string[];
  /** The counts that users see, without status posts and stubs. */
  figures: { messages: number; chats: number; media: number; text: number };
}

export interface Person {
  /** Known by phone number, by LID, or by both. */
  pn?: string;
  lid?: string;
  pushName: string;
  /** Name in the phone's address book, when the person is in it. */
  savedName?: string;
  business?: boolean;
  /** The about text and when it was set (seconds since 1970); absent when it was never set. */
  about?: { text: string; setAt: number } | 'hidden';
  /** Absent when there is none. */
  picture?: { id: string } | 'hidden';
}

export interface WorldChat {
  jid: string;
  /** Fields of proto.Conversation except messages. */
  conversation: Omit<proto.IConversation, 'id' | 'messages'>;
  participants?: readonly string[];
  /** The account has left this group. */
  left?: true;
  /** Number of messages of `messages()` that count in the figures. */
  count: number;
  /** Newest first, as the phone sends them; generated on each call. */
  messages(): Iterable<proto.IWebMessageInfo>;
  /** Older messages that only an on-demand request returns, newest first. */
  olderMessages?(): Iterable<proto.IWebMessageInfo>;
  /** How many rows `messages()` has, including stubs and changes; absent when that requires iterating. */
  rows?: number;
  /** Rows from…to of `messages()` followed by `olderMessages()`, without generating earlier rows. */
  slice?(from: number, to: number): Iterable<proto.IWebMessageInfo>;
  /** The row in that sequence that has this message id. */
  rowOf?(id: string): number | undefined;
}

export interface WorldOptions {
  seed: number;
  /** Exactly this many messages in the figures. */
  messages: number;
}
