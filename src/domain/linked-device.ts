/**
 * Held by the one process that uses the linked device: two sockets with one set of credentials would disconnect each
 * other.
 */
export interface DeviceLock {
  /** True when this process now holds the lock, including when it already held it. Never waits. */
  tryAcquire(): boolean;
  release(): void;
  /** The holder, or null when the lock is free. The system releases the lock when its owner dies. */
  owner(): { pid: number; started: string } | null;
}

/** One plaintext that was acknowledged to WhatsApp and may not be in staging.db yet. */
export interface JournalEntry {
  /** SHA-256 of the ciphertext, hex. */
  hash: string;
  plain: Uint8Array;
  /** The stanza, binary-encoded, ciphertexts replaced by their hash. */
  stanza: Uint8Array | null;
  /** Message id of the stanza, chosen by its sender. */
  stanzaId: string | null;
  /** Chat and sender of the stanza, which identify it together with its id; null when unknown. */
  source: string | null;
}

/** Identifies a stanza. */
export type StanzaKey = Pick<JournalEntry, 'source'> & { id: string };

/** A stanza whose message is stored; `edits` is the id of the message whose text it replaces. */
export type StoredStanza = StanzaKey & { edits?: string };

/** Credentials, Signal keys and the inbound journal of one linked device. Values are opaque serialised text. */
export interface KeyValueStore {
  get(type: string, ids: readonly string[]): Map<string, string>;
  /** Keys and journal entries in one transaction that survives power loss; a null value deletes. */
  set(rows: readonly { type: string; id: string; value: string | null }[], journal?: readonly JournalEntry[]): void;
  journalEntry(hash: string): JournalEntry | undefined;
  /** Entries of the stanzas with this id, done or pending, oldest first. */
  journalOf(stanzaId: string): JournalEntry[];
  /** Entries not marked done, oldest first. */
  journalPending(): JournalEntry[];
  journalDone(stanzas: readonly StoredStanza[]): void;
  /**
   * Removes the plaintext of these messages and of their edits from done entries, also from those that are done later; an
   * empty message stays, which answers redeliveries.
   */
  journalForget(messageIds: readonly string[]): void;
  /** Deletes done entries, and what is to be forgotten, older than this; until then entries answer redeliveries. */
  journalPrune(olderThanMs: number): number;
  /** Deletes the linked device: credentials, keys and journal. */
  wipe(): void;
  close(): void;
}
