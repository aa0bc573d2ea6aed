import type { Chat, Contact, LidPair, Member } from '../src/domain/chat.ts';
import type { HistoryChunk } from '../src/domain/history.ts';
import type { Deletion, Message, MessageChange, UndecryptableMessage, WaitingVote } from '../src/domain/message.ts';
import type { BridgeId, BridgeState } from '../src/domain/states.ts';
import type { UnparsedHandlers } from './operations/catalog.ts';

export type { DeviceLock, JournalEntry, KeyValueStore, StanzaKey, StoredStanza } from '../src/domain/linked-device.ts';
export { bridgeIds } from '../src/domain/states.ts';
export type { BridgeId, BridgeState };

/** What is missing and why, for a person; `since` in ms since 1970. */
export interface MissingSettings {
  what: string;
  reason: string;
  since: number;
}

/** The status of a bridge, available at any time without a request. */
export interface BridgeStatus {
  state: BridgeState;
  /** Credentials exist; this does not imply `ready`. */
  linked: boolean;
  /** The socket to WhatsApp is open and logged in. */
  connected: boolean;
  jid: string | null;
  lid: string | null;
  /** The reason for the state, for a person; null when there is none. */
  message: string | null;
  /** Messages that arrived and could not be decrypted. */
  gaps?: number;
  /** Names or settings of the account that could not be read so far. */
  missingSettings?: readonly MissingSettings[];
  /** For a bridge in its own process: its URL, latency (ms) and version. */
  remote?: { url: string | null; latencyMs: number | null; version: string | null };
  /** The other process that holds the connection, while this one waits for it to end. */
  owner?: { pid: number | null; since: string | null } | undefined;
  /** Its program is being built: it comes by itself. */
  isBuilding?: true;
}

export interface Bridge {
  readonly id: BridgeId;
  /** A bridge supports exactly the operations that have a handler; there is no second list. */
  readonly handlers: Partial<UnparsedHandlers>;
  status(): BridgeStatus;
  /** For a bridge in its own process: requests its status and operations; does not connect and never rejects. */
  probe?(): Promise<void>;
  /** While the program of the bridge is built, which no call waits for: resolves when it was started, or never will be. */
  readonly building?: Promise<void> | undefined;
  /**
   * Connects when credentials exist; does nothing when connected or unlinked. Safe to call before every use. A bridge in
   * its own process connects by itself, and is only probed.
   */
  connect(): Promise<void>;
  /** Resolves when the state is one of `states`, or after the timeout; never rejects. */
  waitFor(states: readonly BridgeState[], timeoutMs: number): Promise<BridgeStatus>;
  close(): Promise<void>;
}

/** Rows that belong together: one staging transaction commits all of them or none. */
export interface IngestBatch {
  /** `history` rows wait for sync_history_to_database; `live` rows are copied within a second. */
  lane: 'history' | 'live';
  /** The history chunk of these rows, so that a second ingest adds nothing. */
  chunkId?: string;
  chats?: Chat[];
  /** Settings of chats that may not exist here yet: they wait for their chats. */
  settings?: Chat[];
  members?: Member[];
  contacts?: Contact[];
  lidPairs?: LidPair[];
  messages?: Message[];
  changes?: MessageChange[];
  deletions?: Deletion[];
  waitingVotes?: WaitingVote[];
  /** Polls that have arrived: the votes that waited for them are in `changes`. */
  pollsRead?: string[];
  gaps?: UndecryptableMessage[];
}

/**
 * Stores what a bridge receives. Every call is synchronous and returns after its commit; it throws when the store
 * rejects the data, and then none of it is kept.
 */
export interface EventSink {
  ingest(batch: IngestBatch): void;
  /**
   * Records a history notification with everything its download needs. Idempotent by id; for a failed chunk it starts a
   * retry.
   */
  announceChunk(
    chunk: Pick<HistoryChunk, 'id' | 'syncType' | 'progress' | 'chunkOrder'>,
    notification: Uint8Array,
  ): void;
  /** Marks a chunk as complete in staging.db after its rows were ingested. */
  chunkStored(id: string): void;
  /** Marks a download as failed for now; the chunk stays announced, and the next connect retries it. */
  chunkFailed(id: string, reason: string): void;
  /** Announced chunks that are not stored, oldest first. */
  pendingChunks(): { id: string; notification: Uint8Array; attempts: number }[];
  /**
   * Records the linked account; from here on rows of another account are refused (`account_mismatch`). Called at every
   * login, which starts a retry of earlier failures.
   */
  onLinked(account: { jid: string; lid: string | null }): void;
  /** The device is no longer linked: another bridge may import the history now. */
  onUnlinked(): void;
  /** Votes that wait for this poll. */
  waitingVotes(pollId: string): WaitingVote[];
  /** True from pairing until the history is complete, stalled or failed. Costs one small query. */
  historySyncing(): boolean;
  /** How many messages arrived, could not be decrypted and have not arrived again. */
  knownGaps(): number;
}

/** What a bridge reads from the permanent store. */
export interface MessageSource {
  /** The WebMessageInfo protobuf of a message, for resends after a retry receipt. */
  rawMessage(chatJid: string, id: string): Uint8Array | undefined;
}

/** A bridge's log for operators. Fields and text must not contain messages, keys or numbers. */
export interface BridgeLog {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
