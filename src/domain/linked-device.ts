/** Held by the one process that owns the linked device: two sockets on one set of credentials would end each other. */
export interface DeviceLock {
  /** True when this process holds the lock now, also when it already did. Never waits. */
  tryAcquire(): boolean;
  release(): void;
  /** Who holds it, or null when nobody does. Freed by the system when its owner dies. */
  owner(): { pid: number; started: string } | null;
}

/** One plaintext that WhatsApp was told we have, and that may not be in staging.db yet. */
export interface JournalEntry {
  /** SHA-256 of the ciphertext, hex. */
  hash: string;
  plain: Uint8Array;
  /** The stanza, binary-encoded, ciphertexts replaced by their hash. */
  stanza: Uint8Array | null;
  /** Message id of the stanza: the choice of whoever sent it. */
  stanzaId: string | null;
  /** Chat and sender of the stanza, which together with its id name it; null when it is not known. */
  source: string | null;
}

/** Names a stanza. */
export type StanzaKey = Pick<JournalEntry, 'source'> & { id: string };

/** Credentials, Signal keys and the inbound journal of one linked device. Values are opaque serialised text. */
export interface KeyValueStore {
  get(type: string, ids: readonly string[]): Map<string, string>;
  /** Keys and journal entries in one transaction that survives power loss; a null value deletes. */
  set(rows: readonly { type: string; id: string; value: string | null }[], journal?: readonly JournalEntry[]): void;
  journalEntry(hash: string): JournalEntry | undefined;
  /** Entries of the stanzas with this id, done or not, oldest first. */
  journalOf(stanzaId: string): JournalEntry[];
  /** Entries not marked done, oldest first. */
  journalPending(): JournalEntry[];
  journalDone(stanzas: readonly StanzaKey[]): void;
  /** Deletes done entries older than this; they answer redeliveries until then. */
  journalPrune(olderThanMs: number): number;
  /** Forgets the linked device: credentials, keys and journal. */
  wipe(): void;
  close(): void;
}
