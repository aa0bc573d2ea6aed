import type { MemberRole } from '../domain/chat.ts';
import type { AppError } from '../domain/errors.ts';
import type { ChatKind } from '../domain/jid.ts';
import type { MediaFilter, MessageDetails, MessageType, PlainValues } from '../domain/message.ts';
import type { CheckpointStatus } from '../domain/states.ts';

/**
 * The read side of the store, as tools see it: plain rows in the shape of their results (times ISO 8601 UTC, canonical
 * JIDs). Works with no bridge and no worker. Addresses in filters may have any form; merged chats are followed.
 */
export interface Reader {
  readonly messages: MessageReader;
  readonly chats: ChatReader;
  readonly contacts: ContactReader;
  readonly communities: CommunityReader;
  readonly checkpoints: CheckpointReader;
  readonly completions: CompletionReader;
  /** Never throws. */
  health(): StoreHealth;
  /** Why results may differ from what was stored here; null when they do not. Throws as reading does. */
  notice(): StoreNotice | null;
  close(): void;
}

export interface StoreHealth {
  /** Whether messages.db and the files beside it that this thread has opened are usable. */
  healthy: boolean;
  path: string;
  schema_version: number;
  total_messages: number;
  message: string | null;
  /** Present unless healthy. */
  next_step?: string;
}

/** Text for a person or an agent, with file names and no paths. */
export interface StoreNotice {
  message: string;
  next_step: string;
}

/** Turns an error into a notice that accompanies a result. */
export const noticeOf = ({ message, hint }: AppError): StoreNotice => ({ message, next_step: hint });

export interface MessageView {
  id: string;
  chat_jid: string;
  chat_name: string | null;
  sender: string | null;
  sender_name: string | null;
  /** Text or caption, never null. */
  content: string;
  timestamp: string;
  is_from_me: boolean;
  type: MessageType;
  /** Set for types with a file. */
  media_type: MessageType | null;
  filename: string | null;
  edited: boolean;
  quoted_id: string | null;
}

/** A message with every delivered column: those that are not shaped, as they are stored. */
export interface MessageDetail extends MessageView, PlainValues {
  sender_jids: { pn: string | null; lid: string | null };
  /** The quoted message from the store; the copy inside the answer (`unverified`) where it is not stored. */
  quoted: (NonNullable<MessageDetails['quoted']> & { unverified?: true }) | null;
  /** `original` marks the first text. */
  edits: { at: string; content: string; original?: boolean }[];
  reactions: { sender: string; sender_name: string | null; emoji: string; at: string }[];
  receipts: { recipient: string; status: string; at: string }[];
  poll: { question: string; options: { name: string; votes: number }[] } | null;
  details: (Omit<MessageDetails, 'event'> & { event?: { name: string; starts_at?: string } }) | null;
  starred: boolean;
  forwarded: boolean;
  view_once: boolean;
  expires_at: string | null;
  revoked_at: string | null;
  /** Whether the account has read it; null for own messages and where that is unknown. */
  read: boolean | null;
}

export interface MessageQuery {
  /** Words to find; accepts any text. */
  content?: string;
  chat_jid?: string;
  /** A JID, a phone number, or part of a name. */
  sender?: string;
  /** Seconds since 1970; `after` inclusive, `before` exclusive. */
  after?: number;
  before?: number;
  media_type?: MediaFilter;
  from_me?: boolean;
  include_media: boolean;
  limit: number;
  /** Of the first page alone: a cursor goes on behind it. */
  offset: number;
  cursor?: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  /** The cursor that goes on behind each entry, so that a page can be cut without asking again. */
  cursors: string[];
}

export interface QueryResult extends Page<MessageView & { snippet: string }> {
  /** Exact, or a lower bound when `total_is_exact` is false. */
  total: number;
  total_is_exact: boolean;
}

export interface Statistics {
  total_messages: number;
  total_chats: number;
  total_contacts: number;
  media_messages: number;
  text_messages: number;
  messages_by_type: Partial<Record<MessageType, number>>;
  oldest_message: string | null;
  newest_message: string | null;
}

export interface MessageReader {
  /** Newest first. */
  query(query: MessageQuery): QueryResult;
  list(
    chatJid: string,
    options: { limit: number; cursor?: string; after?: number; before?: number },
  ): Page<MessageView>;
  /** Throws `not_found`, or `ambiguous_recipient` with candidates when the id exists in several chats. */
  get(messageId: string, chatJid?: string): MessageDetail;
  context(
    messageId: string,
    before: number,
    after: number,
    chatJid?: string,
  ): { message: MessageView; before: MessageView[]; after: MessageView[] };
  statistics(chatJid?: string): Statistics;
  raw(chatJid: string, id: string): Uint8Array | undefined;
  /** How many rows the search index has not read yet. */
  unindexed(): number;
  /** Searches the newest messages directly for as long as search.db lacks them; results give the reason. */
  searchWithout(reason: StoreNotice): void;
  /** Why searches do not use search.db; null when they do. */
  searchNotice(): StoreNotice | null;
}

export interface ChatView {
  chat_jid: string;
  name: string | null;
  kind: ChatKind;
  pn: string | null;
  lid: string | null;
  parent_jid: string | null;
  unread_count: number;
  archived: boolean;
  pinned: boolean;
  muted_until: string | null;
  /** When the phone last cleared or deleted the chat; earlier messages are still stored. */
  cleared_at: string | null;
  last_message_at: string | null;
  last_message: {
    id: string;
    sender_name: string | null;
    content: string;
    type: MessageType;
    is_from_me: boolean;
  } | null;
}

export interface Participant {
  jid: string;
  name: string | null;
  role: MemberRole;
}

export interface ChatDetail extends ChatView {
  total_messages: number;
  /** The members of a group; null for other chats and where they are unknown. */
  participants: Participant[] | null;
}

export interface ChatReader {
  /** The canonical JID of a JID in any form, a phone number, or an exact unambiguous name; throws with candidates. */
  resolve(recipient: string): string;
  get(recipient: string): ChatDetail;
  list(options: {
    query?: string;
    archived?: boolean;
    kind?: ChatKind;
    sort_by: 'last_active' | 'name';
    limit: number;
    cursor?: string;
  }): Page<ChatView> & { total: number };
  /** Chats with unread messages, latest first, each with its last unread lines. */
  unread(options: { lines: number; limit: number; cursor?: string }): Page<UnreadChat> & { total: number };
}

export interface UnreadChat extends ChatView {
  /** The last unread messages, oldest first. */
  lines: MessageView[];
  /** Unread messages that mention the account, newest first. */
  mentions_of_me: MessageView[];
}

/** A person; `name` is the one to show. */
export interface ContactView {
  jid: string;
  name: string | null;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
  /** `+15550100`; null for a person known only by LID. */
  phone: string | null;
  pn: string | null;
  lid: string | null;
  /** In the direct chat with this person. */
  last_message_at: string | null;
}

export interface ContactDetail extends ContactView {
  chat_jid: string | null;
  /** The last message in the direct chat, or of this person in any chat. */
  last_interaction: string | null;
  /** The direct chat and the groups that this person is known to be a member of. */
  shared_chats: number;
}

export interface ContactReader {
  /** By any name or number, best match first; ignores accents and case, and allows one typo in each word. */
  search(query: string, limit: number, cursor?: string): Page<ContactView> & { total: number };
  /** Throws `not_found`, or `ambiguous_recipient` with candidates. */
  get(who: string): ContactDetail;
  /** The person with this address; an unknown address gives the address only. */
  known(address: string): KnownPerson;
}

export type KnownPerson = Pick<ContactView, 'jid' | 'name' | 'pn' | 'lid'>;

/** What is known locally about a community. */
export interface KnownCommunity {
  jid: string;
  name: string | null;
  /** Addresses of the groups known to belong to it, including left ones. */
  groups: string[];
  /** When WhatsApp last listed its members; null when it never did. */
  listed_at: string | null;
}

export interface CommunityReader {
  list(): KnownCommunity[];
  /** A group by its address; `unread_count` is 0 for an unknown group. */
  group(jid: string): { name: string | null; unread_count: number };
  /**
   * The address of a community by JID or exact name; a community takes precedence over other chats with that name.
   * Throws with candidates.
   */
  resolve(recipient: string): string;
}

export interface CheckpointView {
  chat_jid: string;
  chat_name: string | null;
  status: CheckpointStatus;
  messages_synced: number;
  oldest_message_id: string | null;
  oldest_timestamp: string | null;
  updated_at: string;
  completed_at: string | null;
  error: string | null;
}

export interface CheckpointReader {
  /** Latest changed first. */
  list(limit: number, cursor?: string): Page<CheckpointView> & { count: number };
}

export type CompletionSubject = 'chats' | 'contacts' | 'communities';

export interface Completion {
  /** At most as many as requested. Each is a unique name or an address; `chats.resolve` takes both. */
  values: string[];
  /** The number of matches before the limit. */
  total: number;
}

export interface CompletionReader {
  /** Completes the beginning of a name, a number or an address: best match first, then latest activity. */
  complete(subject: CompletionSubject, typed: string, limit: number): Completion;
}
