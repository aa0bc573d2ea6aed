import type { Chat, Contact, LidPair, Member } from '../src/domain/chat.ts';
import type { HistoryChunk } from '../src/domain/history.ts';
import type { Deletion, Message, MessageChange, UndecryptableMessage, WaitingVote } from '../src/domain/message.ts';
import type { BridgeId, BridgeState } from '../src/domain/states.ts';
import type { Handlers } from './operations/catalog.ts';

export type { DeviceLock, JournalEntry, KeyValueStore, StanzaKey } from '../src/domain/linked-device.ts';
export { bridgeIds } from '../src/domain/states.ts';
export type { BridgeId, BridgeState };

/** What is missing and why, for a person; since when, in ms since 1970. */
export interface MissingSettings {
  what: string;
  reason: string;
  since: number;
}

/** What a bridge says about itself at any moment, without asking anybody. */
export interface BridgeStatus {
  state: BridgeState;
  /** Credentials exist. Linked is not ready. */
  linked: boolean;
  /** The socket to WhatsApp is open and logged in. */
  connected: boolean;
  jid: string | null;
  lid: string | null;
  /** Why it is in this state, for a person; null when there is nothing to say. */
  message: string | null;
  /** Messages that arrived and that nobody could make readable. */
  gaps?: number;
  /** Names or settings of the account that could not be read so far. */
  missingSettings?: readonly MissingSettings[];
  /** For a bridge in a process of its own: where it is, how long it took to answer (ms) and what it was made of. */
  remote?: { url: string | null; latencyMs: number | null; version: string | null };
  /** The other process that has the connection, while this one waits for it to end. */
  owner?: { pid: number | null; since: string | null } | undefined;
  /** Its program is being built: it comes by itself. */
  isBuilding?: true;
}

export interface Bridge {
  readonly id: BridgeId;
  /** A bridge supports exactly the operations it has a handler for; there is no second list to keep true. */
  readonly handlers: Partial<Handlers>;
  status(): BridgeStatus;
  /** For a bridge in a process of its own: asks it how it is and what it can do; connects nothing and never rejects. */
  probe?(): Promise<void>;
  /** While the program of the bridge is built, which no call waits for: resolves when it was started, or never will be. */
  readonly building?: Promise<void> | undefined;
  /** Connects when credentials exist; does nothing when connected or unlinked. Safe to call before every use. */
  connect(): Promise<void>;
  /** Resolves when the state is one of these, or after the timeout; never rejects. */
  waitFor(states: readonly BridgeState[], timeoutMs: number): Promise<BridgeStatus>;
  close(): Promise<void>;
}

/** Rows that belong together: committed in one staging transaction, or not at all. */
export interface IngestBatch {
  /** `history` rows wait for sync_history_to_database; `live` rows are copied within a second. */
  lane: 'history' | 'live';
  /** The history chunk these rows come from, so that feeding it again adds nothing. */
  chunkId?: string;
  chats?: Chat[];
  /** What was learned about chats that need not exist here: it waits until they do. */
  settings?: Chat[];
  members?: Member[];
  contacts?: Contact[];
  lidPairs?: LidPair[];
  messages?: Message[];
  changes?: MessageChange[];
  deletions?: Deletion[];
  waitingVotes?: WaitingVote[];
  /** Polls that have come: the votes that waited for them are in `changes`. */
  pollsRead?: string[];
  gaps?: UndecryptableMessage[];
}

/**
 * Where a bridge puts what it received. Every call is synchronous and returns only after its commit; it throws when the
 * store cannot take the data, and then nothing of it was kept.
 */
export interface EventSink {
  ingest(batch: IngestBatch): void;
  /**
   * Records a history notification with all that is needed to download it later. Idempotent by id; announcing a chunk
   * that had failed says that it is being tried again.
   */
  announceChunk(
    chunk: Pick<HistoryChunk, 'id' | 'syncType' | 'progress' | 'chunkOrder'>,
    notification: Uint8Array,
  ): void;
  /** Marks a chunk as complete in staging.db; its rows were ingested before. */
  chunkStored(id: string): void;
  /** Downloading was given up for now; the chunk stays announced and is tried again at the next connect. */
  chunkFailed(id: string, reason: string): void;
  /** Announced chunks that are not stored, oldest first. */
  pendingChunks(): { id: string; notification: Uint8Array; attempts: number }[];
  /**
   * Credentials of this account now exist; rows of another account are refused from here on (`account_mismatch`).
   * Called at every login: what failed before it is being tried again.
   */
  onLinked(account: { jid: string; lid: string | null }): void;
  /** The device is linked no more: another bridge may bring the history now. */
  onUnlinked(): void;
  /** Votes that wait for this poll. */
  waitingVotes(pollId: string): WaitingVote[];
  /** True from pairing on, until the history is complete, stalled or failed. Costs one small query. */
  historySyncing(): boolean;
  /** How many messages arrived, could not be read and have not come again. */
  knownGaps(): number;
}

/** What a bridge may read from the permanent store. */
export interface MessageSource {
  /** The WebMessageInfo protobuf of a message, for resends after a retry receipt. */
  rawMessage(chatJid: string, id: string): Uint8Array | undefined;
}

/** Where a bridge reports what an operator may want to know. Neither fields nor text may hold messages, keys or numbers. */
export interface BridgeLog {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
