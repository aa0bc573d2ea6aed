import type { proto } from '@whiskeysockets/baileys';
import type { Shop } from './shop.ts';

/**
 * The people, chats and messages that the simulated phone has. A pure function of its options: two runs give the same rows.
 * Every address is a whole JID as the phone would put it into a history chunk; all numbers are from reserved ranges.
 * Chats with `count` 0 are a community's parent and `status@broadcast` (its messages are status posts).
 */
export interface World {
  /** The account that is linked. */
  me: { pn: string; lid: string; name: string };
  /** The world's present, milliseconds since 1970; no message is younger. */
  now: number;
  people: readonly Person[];
  chats: readonly WorldChat[];
  /** Business accounts by their address; everybody else is a person. */
  shops?: ReadonlyMap<string, Shop>;
  /** Addresses that the account has blocked. */
  blocked?: readonly string[];
  /** What a person would count, status posts and stubs excluded. */
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
  /** What they say about themselves, and since when (seconds since 1970); absent when they never said anything. */
  about?: { text: string; setAt: number } | 'hidden';
  /** Absent when they have none. */
  picture?: { id: string } | 'hidden';
}

export interface WorldChat {
  jid: string;
  /** Fields of proto.Conversation except messages. */
  conversation: Omit<proto.IConversation, 'id' | 'messages'>;
  participants?: readonly string[];
  /** The account was in this group and is no more. */
  left?: true;
  /** Number of messages of `messages()` that count in the figures. */
  count: number;
  /** Newest first, as the phone sends them; generated again at every call. */
  messages(): Iterable<proto.IWebMessageInfo>;
  /** Older messages that only an on-demand request brings, newest first. */
  olderMessages?(): Iterable<proto.IWebMessageInfo>;
  /** How many rows `messages()` has, stubs and changes included; absent when only a walk can tell. */
  rows?: number;
  /** Rows from…to of `messages()` followed by `olderMessages()`, without generating those before. */
  slice?(from: number, to: number): Iterable<proto.IWebMessageInfo>;
  /** The row in that sequence that has this message id. */
  rowOf?(id: string): number | undefined;
}

export interface WorldOptions {
  seed: number;
  /** Exactly this many messages in the figures. */
  messages: number;
}
