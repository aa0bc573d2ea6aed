import type { EventSink, IngestBatch } from '../../bridges/bridge.ts';
import { normalizeJid } from '../domain/jid.ts';
import type { Message } from '../domain/message.ts';
import { wellFormed } from '../domain/well-formed.ts';
import { chunkStore } from '../store/staging/chunks.ts';
import { factStager } from '../store/staging/facts.ts';
import { gapStore } from '../store/staging/gaps.ts';
import { messageStager, type StageContext } from '../store/staging/messages.ts';
import { accountMismatch, laneState, nextTick, type Staging } from '../store/staging/staging.ts';
import { noteLinked } from '../store/transfer/history-source.ts';
import { createHistoryReader } from './history-reader.ts';

export interface IngestOptions {
  /** The history counts as complete after this long without anything new. */
  quietMs: number;
  /** Whether messages.db already has a message, so that it does not count as received again. */
  isStored?: (chatJid: string, id: string) => boolean;
  /** The account of messages.db, needed when staging.db is new. */
  storedAccount?: () => string | undefined;
  /** Called after a commit with rows to copy at once, and at every login. */
  onLive?: () => void;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** The bridge's sink into staging.db: each call is one transaction, and repeating it adds nothing. */
export function createIngest(staging: Staging, options: IngestOptions): EventSink {
  const now = options.now ?? Date.now;
  const chunks = chunkStore(staging);
  const gaps = gapStore(staging);
  const facts = factStager(staging);
  const history = createHistoryReader(() => staging, { quietMs: options.quietMs, now });
  const stageBatch = batchStager(staging, options.isStored ?? (() => false));
  const inTransaction = (work: () => void) => staging.db.transaction(work).immediate();
  return {
    ingest: (batch) => {
      inTransaction(() => stageBatch(wellFormed(batch)));
      if (batch.lane === 'live') options.onLive?.();
    },
    announceChunk: (chunk, notification) => {
      inTransaction(() => chunks.announce(chunk, notification, now()));
      options.onLive?.(); // the copy also records which bridge supplies the history
    },
    chunkStored: (id) => inTransaction(() => chunks.stored(id, now())),
    chunkFailed: (id, reason) => inTransaction(() => chunks.failed(id, reason)),
    pendingChunks: () => chunks.pending(),
    onLinked: (account) => {
      inTransaction(() => linkAccount(staging, account, options.storedAccount?.(), now()));
      options.onLive?.(); // an earlier process may have ended between staging and copying
    },
    onUnlinked: () => {
      inTransaction(() => noteLinked(staging, false));
      options.onLive?.();
    },
    waitingVotes: (pollId) => facts.waitingVotes(pollId),
    historySyncing: () => history.progress().syncing,
    knownGaps: () => gaps.open(),
  };
}

function batchStager(staging: Staging, isStored: StageContext['isStored']): (batch: IngestBatch) => void {
  const chunks = chunkStore(staging);
  const facts = factStager(staging);
  const stageMessage = messageStager(staging);
  const gaps = gapStore(staging);
  const markChat = staging.db.prepare('INSERT INTO history_chats (jid) VALUES (?) ON CONFLICT DO NOTHING');
  const addWaiting = staging.db.prepare('UPDATE lanes SET waiting = waiting + ? WHERE lane = ?');
  return (batch) => {
    const tick = nextTick(staging);
    const frozen = {
      history: laneState(staging, 'history').frozen_upto,
      live: laneState(staging, 'live').frozen_upto,
    };
    for (const pair of batch.lidPairs ?? []) facts.pair(pair, tick);
    for (const contact of batch.contacts ?? []) facts.contact({ ...contact, jid: address(contact.jid) }, tick);
    for (const chat of batch.chats ?? []) facts.chat({ ...chat, jid: address(chat.jid) }, batch.lane, tick);
    for (const chat of batch.settings ?? []) facts.chat({ ...chat, jid: address(chat.jid) }, 'history', tick);
    for (const row of batch.members ?? []) {
      facts.member({ ...row, chatJid: address(row.chatJid), member: address(row.member) }, tick);
    }
    const context = { lane: batch.lane, chunkId: batch.chunkId ?? null, tick, frozen, isStored };
    const staged = { new: 0, stored_before: 0, beside: 0, merged: 0 };
    const chatJids = new Set<string>();
    for (const message of batch.messages ?? []) {
      const row = withAddresses(message);
      staged[stageMessage(row, context)]++;
      chatJids.add(row.chatJid);
    }
    addWaiting.run(staged.new + staged.stored_before + staged.beside, batch.lane);
    for (const change of batch.changes ?? []) facts.change({ ...change, chatJid: address(change.chatJid) }, batch.lane);
    for (const row of batch.deletions ?? []) facts.deletion({ ...row, chatJid: address(row.chatJid) });
    for (const vote of batch.waitingVotes ?? []) facts.waitingVote({ ...vote, chatJid: address(vote.chatJid) });
    for (const pollId of batch.pollsRead ?? []) facts.pollRead(pollId);
    for (const gap of batch.gaps ?? []) {
      const chatJid = address(gap.chatJid);
      if (gap.healed || !isStored(chatJid, gap.messageId)) gaps.note({ ...gap, chatJid });
    }
    if (batch.chunkId === undefined) return;
    for (const jid of chatJids) markChat.run(jid);
    chunks.count(batch.chunkId, { fresh: staged.new, storedBefore: staged.stored_before });
  };
}

/** Leaves an invalid address as it is; messages.db refuses the row with a reason. */
const address = (jid: string): string => normalizeJid(jid) ?? jid;

function withAddresses(message: Message): Message {
  const sender = message.sender === null ? null : address(message.sender);
  return { ...message, chatJid: address(message.chatJid), sender };
}

/** A data directory belongs to one account permanently. */
function linkAccount(
  staging: Staging,
  account: { jid: string; lid: string | null },
  stored: string | undefined,
  now: number,
): void {
  const jid = address(account.jid);
  const known = staging.readMeta('account_jid');
  for (const owner of [known, stored]) if (owner !== undefined && owner !== jid) throw accountMismatch();
  if (known === undefined) {
    staging.writeMeta('account_jid', jid);
    staging.writeMeta('linked_at', String(now));
  }
  if (account.lid) {
    staging.writeMeta('account_lid', address(account.lid));
    factStager(staging).pair({ lid: address(account.lid), pn: jid }, nextTick(staging));
  }
  staging.writeMeta('resumed_at', String(now));
  noteLinked(staging, true);
  chunkStore(staging).retryAll();
}
