import type { MemberRole } from '../domain/chat.ts';
import type { AppError } from '../domain/errors.ts';
import type { ChatKind } from '../domain/jid.ts';
import type { MediaFilter, MessageDetails, MessageType } from '../domain/message.ts';
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
  /** Why what is read may not be what was stored here; null when it is. Throws as reading does. */
  notice(): StoreNotice | null;
  close(): void;
}

export interface StoreHealth {
  /** Whether messages.db, and the files beside it that this thread has opened, can be used as they should. */
  healthy: boolean;
  path: string;
  schema_version: number;
  total_messages: number;
  message: string | null;
  /** Given whenever it is not healthy. */
  next_step?: string;
}

/** Words for a person or an agent, with names of files and no paths. */
export interface StoreNotice {
  message: string;
  next_step: string;
}

/** An error as a notice that stands beside a result. */
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

export interface MessageDetail extends MessageView {
  sender_jids: { pn: string | null; lid: string | null };
  /** The quoted message as it is stored; as the answering one copied it (`unverified`) where it is not. */
  quoted: (NonNullable<MessageDetails['quoted']> & { unverified?: true }) | null;
  /** `original` marks the text that it was sent with. */
  edits: { at: string; content: string; original?: boolean }[];
  reactions: { sender: string; sender_name: string | null; emoji: string; at: string }[];
  receipts: { recipient: string; status: string; at: string }[];
  poll: { question: string; options: { name: string; votes: number }[] } | null;
  details: MessageDetails | null;
  starred: boolean;
  forwarded: boolean;
  view_once: boolean;
  expires_at: string | null;
  revoked_at: string | null;
  status: string | null;
  /** Whether the account has read it; null for own messages and where it is not known. */
  read: boolean | null;
}

export interface MessageQuery {
  /** Words to find; any text is safe. */
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
  /** Exact, or a floor when `total_is_exact` is false. */
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
  /** Rows that the search index has not read yet. */
  unindexed(): number;
  /** Has searches look through the newest messages themselves for as long as search.db lacks them, and say why. */
  searchWithout(reason: StoreNotice): void;
  /** Why searches do without search.db; null when they do not. */
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
  /** When the phone last cleared or deleted the chat; what was said before is still here. */
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
  /** Who is in a group; null for other chats and where it is not known. */
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
  /** Unread messages that name the account, newest first. */
  mentions_of_me: MessageView[];
}

/** A person; `name` is the one to show. */
export interface ContactView {
  jid: string;
  name: string | null;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
  /** `+15550100`; null for somebody known by a hidden identity alone. */
  phone: string | null;
  pn: string | null;
  lid: string | null;
  /** In the chat with this person alone. */
  last_message_at: string | null;
}

export interface ContactDetail extends ContactView {
  chat_jid: string | null;
  /** The last message in the chat of two, or that this person wrote anywhere. */
  last_interaction: string | null;
  /** The chat of two, and the groups that this person is known to be in. */
  shared_chats: number;
}

export interface ContactReader {
  /** By any name or number, best match first; accents, case and one typo in each word are forgiven. */
  search(query: string, limit: number, cursor?: string): Page<ContactView> & { total: number };
  /** Throws `not_found`, or `ambiguous_recipient` with candidates. */
  get(who: string): ContactDetail;
  /** Whoever has this address, also when nobody knows them: then that is all there is. */
  known(address: string): KnownPerson;
}

export type KnownPerson = Pick<ContactView, 'jid' | 'name' | 'pn' | 'lid'>;

/** A community as far as it is known here. */
export interface KnownCommunity {
  jid: string;
  name: string | null;
  /** Addresses of the groups that are known to belong to it, left ones included. */
  groups: string[];
  /** When WhatsApp last said who is in it; null when it never did. */
  listed_at: string | null;
}

export interface CommunityReader {
  list(): KnownCommunity[];
  /** A group by its address; nothing is unread in one that is not here. */
  group(jid: string): { name: string | null; unread_count: number };
  /** The address of a community by JID or exact name, which comes before other chats' names; throws with candidates. */
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
  /** At most as many as asked for. Each is a name that nobody else has, or an address; `chats.resolve` takes both. */
  values: string[];
  /** How many there are in all. */
  total: number;
}

export interface CompletionReader {
  /** What the beginning of a name, a number or an address may become: best first, then by last activity. */
  complete(subject: CompletionSubject, typed: string, limit: number): Completion;
}
