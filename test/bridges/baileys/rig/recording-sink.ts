import type { EventSink, IngestBatch } from '../../../../bridges/bridge.ts';
import type { Chat, Contact, LidPair } from '../../../../src/domain/chat.ts';
import type { HistoryChunk } from '../../../../src/domain/history.ts';
import type { Message, MessageChange } from '../../../../src/domain/message.ts';

type Chunk = Pick<HistoryChunk, 'id' | 'syncType' | 'progress' | 'chunkOrder'> & {
  notification: Uint8Array;
  stored: boolean;
  attempts: number;
  error: string | null;
};

/** An EventSink in memory that tests can wait on and make fail; ingest is idempotent, as in the real one. */
export class RecordingSink implements EventSink {
  readonly messages = new Map<string, Message>();
  readonly changes: MessageChange[] = [];
  readonly chats = new Map<string, Chat>();
  readonly contacts = new Map<string, Contact>();
  readonly pairs = new Map<string, LidPair>();
  readonly chunks = new Map<string, Chunk>();
  readonly batches: IngestBatch[] = [];
  account: { jid: string; lid: string | null } | undefined;
  logins = 0;
  /** Called before anything is kept; its error reaches the caller. */
  refuse: ((batch: IngestBatch) => void) | undefined;
  owner: string | undefined;
  readonly #waiters = new Set<() => void>();

  ingest(batch: IngestBatch): void {
    this.refuse?.(batch);
    this.batches.push(batch);
    for (const message of batch.messages ?? []) this.messages.set(`${message.chatJid} ${message.id}`, message);
    for (const chat of batch.chats ?? []) this.chats.set(chat.jid, { ...this.chats.get(chat.jid), ...chat });
    for (const contact of batch.contacts ?? []) {
      this.contacts.set(contact.jid, { ...this.contacts.get(contact.jid), ...contact });
    }
    for (const pair of batch.lidPairs ?? []) this.pairs.set(pair.lid, pair);
    this.changes.push(...(batch.changes ?? []));
    this.#changed();
  }

  announceChunk(chunk: Pick<HistoryChunk, 'id' | 'syncType' | 'progress' | 'chunkOrder'>, notification: Uint8Array) {
    this.refuse?.({ lane: 'history', chunkId: chunk.id });
    const known = this.chunks.get(chunk.id);
    if (!known) this.chunks.set(chunk.id, { ...chunk, notification, stored: false, attempts: 0, error: null });
    else if (!known.stored) known.error = null;
    this.#changed();
  }

  chunkStored(id: string): void {
    this.#chunk(id).stored = true;
    this.#changed();
  }

  chunkFailed(id: string, reason: string): void {
    const chunk = this.#chunk(id);
    chunk.error = reason;
    chunk.attempts++;
    this.#changed();
  }

  pendingChunks() {
    return [...this.chunks.values()].filter((chunk) => !chunk.stored);
  }

  onLinked(account: { jid: string; lid: string | null }): void {
    if (this.owner !== undefined && this.owner !== account.jid) throw this.mismatch();
    this.account = account;
    this.logins++;
    this.#changed();
  }

  onUnlinked(): void {
    this.account = undefined;
    this.#changed();
  }

  mismatch: () => Error = () => new Error('set mismatch');

  waitingVotes(pollId: string) {
    const read = this.batches.flatMap((batch) => batch.pollsRead ?? []);
    const kept = this.batches.flatMap((batch) => batch.waitingVotes ?? []);
    return read.includes(pollId) ? [] : kept.filter((vote) => vote.pollId === pollId);
  }

  knownGaps(): number {
    const gaps = this.batches.flatMap((batch) => batch.gaps ?? []);
    const healed = new Set(gaps.filter((gap) => gap.healed).map(({ messageId }) => messageId));
    return new Set(gaps.map(({ messageId }) => messageId)).size - healed.size;
  }

  historySyncing(): boolean {
    const chunks = [...this.chunks.values()];
    return !chunks.some((chunk) => chunk.syncType === 'full' && chunk.progress === 100 && chunk.stored);
  }

  /** Resolves when the condition holds; checks after every call of the sink. */
  until(condition: (sink: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition(this)) return;
        this.#waiters.delete(look);
        resolve();
      };
      this.#waiters.add(look);
      look();
    });
  }

  /** Every announced chunk is stored, including the last one of the full history. */
  complete(): Promise<void> {
    return this.until((sink) => !sink.historySyncing() && sink.pendingChunks().length === 0);
  }

  find(id: string): Message | undefined {
    return [...this.messages.values()].find((message) => message.id === id);
  }

  #chunk(id: string): Chunk {
    const chunk = this.chunks.get(id);
    if (!chunk) throw new Error('a chunk that was never announced');
    return chunk;
  }

  #changed(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }
}
