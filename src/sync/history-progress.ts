import type { HistoryChunk, HistoryProgress, SyncType } from '../domain/history.ts';
import type { HistoryStatus } from '../domain/states.ts';

export interface HistoryFacts {
  /** Oldest announcement first. */
  chunks: readonly HistoryChunk[];
  figures: { messages: number; chats: number };
  /** When the account was first linked, and when it last logged in; null before. */
  linkedAt: number | null;
  resumedAt: number | null;
}

const recentOnlyAfterMs = 10 * 60_000;
const stalledAfterMs = 5 * 60_000;

/**
 * Computes the state of the history from its chunks alone: equal facts at the same time always give the same answer.
 * Only FULL shows that the history is complete; bootstrap, names and status do not.
 * Times in milliseconds since 1970.
 */
export function historyProgress(facts: HistoryFacts, now: number, quietMs: number): HistoryProgress {
  const { figures } = facts;
  const chunks = facts.chunks.filter((chunk) => chunk.syncType !== 'on_demand' && !isReplaced(chunk, facts.chunks));
  const lastAt = Math.max(0, ...chunks.map((chunk) => Math.max(chunk.announcedAt, chunk.storedAt ?? 0)));
  const activeAt = Math.max(lastAt, facts.resumedAt ?? facts.linkedAt ?? 0);
  const times = { now, quietMs, lastAt, activeAt };
  const completedAt = fullTime(chunks, times) ?? recentTime(chunks, times);
  const status = statusOf(chunks, facts.linkedAt !== null, times);
  const done = status === 'completed' || status === 'completed_recent';
  return {
    status,
    syncing: done ? isArriving(chunks, times) : status === 'in_progress',
    progressPercent: done ? 100 : percent(chunks),
    messagesSynced: figures.messages,
    chatsSynced: figures.chats,
    syncType: chunks.at(-1)?.syncType ?? null,
    startedAt: facts.linkedAt ?? chunks[0]?.announcedAt ?? null,
    lastChunkAt: chunks.length > 0 ? lastAt : null,
    completedAt: done ? completedAt : null,
    missingParts: missingParts(chunks),
  };
}

interface Times {
  now: number;
  quietMs: number;
  /** When the last chunk was announced or stored, and when the last event of any kind happened. */
  lastAt: number;
  activeAt: number;
}
type Chunks = readonly HistoryChunk[];

function statusOf(chunks: Chunks, linked: boolean, times: Times): HistoryStatus {
  if (!linked && chunks.length === 0) return 'not_started';
  if (fullTime(chunks, times) !== null) return 'completed';
  if (recentTime(chunks, times) !== null) return 'completed_recent';
  const open = chunks.filter((chunk) => chunk.storedAt === null);
  const quiet = times.now - times.lastAt >= times.quietMs;
  if (quiet && open.length > 0 && open.every((chunk) => chunk.error !== null)) return 'failed';
  return times.now >= times.activeAt + stalledAfterMs ? 'stalled' : 'in_progress';
}

/**
 * Whether a failed part was stored from a later delivery, so that its failure no longer counts. Only the number
 * identifies a part.
 */
function isReplaced(chunk: HistoryChunk, all: Chunks): boolean {
  if (chunk.storedAt !== null || chunk.chunkOrder === null) return false;
  return all.some(
    ({ syncType, chunkOrder, storedAt, announcedAt }) =>
      syncType === chunk.syncType &&
      chunkOrder === chunk.chunkOrder &&
      storedAt !== null &&
      announcedAt > chunk.announcedAt,
  );
}

/**
 * Numbers of the parts of a kind. Some phones number each kind separately, others continue from one kind to the next.
 */
const ordersOf = (chunks: Chunks, kind: SyncType | null): number[] => [
  ...new Set(chunks.filter(({ syncType }) => syncType === kind).flatMap(({ chunkOrder }) => chunkOrder ?? [])),
];

/** The first number of every kind for phones that number each kind separately, so that two kinds share numbers. */
function startOfKinds(chunks: Chunks): number {
  const kinds = new Set(chunks.map(({ syncType }) => syncType).filter((kind) => kind !== 'on_demand'));
  const orders = [...kinds].flatMap((kind) => ordersOf(chunks, kind));
  return new Set(orders).size < orders.length ? Math.min(...orders) : Number.POSITIVE_INFINITY;
}

/**
 * Counts the numbers that are missing between the first and the last part of a kind, and a last part that is not final.
 */
function missingParts(chunks: Chunks): number {
  const start = startOfKinds(chunks);
  return (['recent', 'full'] as const).reduce((sum, kind) => {
    const orders = ordersOf(chunks, kind);
    const gaps = orders.length === 0 ? 0 : Math.max(...orders) - Math.min(start, ...orders) + 1 - orders.length;
    const parts = chunks.filter(({ syncType }) => syncType === kind);
    return sum + gaps + (parts.length > 0 && !parts.some(reached100) ? 1 : 0);
  }, 0);
}

/** Whether a complete history is being delivered again. */
function isArriving(chunks: Chunks, times: Times): boolean {
  const open = chunks.some((chunk) => chunk.storedAt === null && chunk.error === null);
  return times.now < (open ? times.activeAt + stalledAfterMs : times.lastAt + times.quietMs);
}

/** How many quiet periods to wait for parts that are known to be missing, because they may only be late. */
const lateFactor = 4;

/**
 * The first time when FULL had reached 100, no announced part was missing, and a quiet period had passed. Later events
 * do not undo it.
 */
function fullTime(chunks: Chunks, times: Times): number | null {
  const events = chunks.flatMap((chunk) => {
    const announced = { at: chunk.announcedAt, open: 1, whole: false };
    if (chunk.storedAt === null) return [announced];
    return [announced, { at: chunk.storedAt, open: -1, whole: chunk.syncType === 'full' && reached100(chunk) }];
  });
  events.sort((a, b) => a.at - b.at || b.open - a.open);
  let open = 0;
  let whole = false;
  for (const [index, event] of events.entries()) {
    open += event.open;
    whole ||= event.whole;
    if (!whole || open !== 0) continue;
    const next = events[index + 1]?.at ?? times.now;
    const incomplete = missingParts(chunks.filter((chunk) => chunk.announcedAt <= event.at)) > 0;
    const quietMs = incomplete ? times.quietMs * lateFactor : times.quietMs;
    if (next - event.at >= quietMs) return event.at + quietMs;
  }
  return null;
}

/** Some phones send no FULL: the wait for it ends ten minutes after RECENT was complete. */
function recentTime(chunks: Chunks, times: Times): number | null {
  const recent = chunks.find((chunk) => chunk.syncType === 'recent' && reached100(chunk) && chunk.storedAt !== null);
  if (!recent?.storedAt) return null;
  const at = recent.storedAt + recentOnlyAfterMs;
  const before = chunks.filter((chunk) => chunk.announcedAt <= at);
  if (before.some((chunk) => chunk.storedAt === null || chunk.syncType === 'full')) return null;
  return times.now >= at ? at : null;
}

const reached100 = (chunk: HistoryChunk): boolean => (chunk.progress ?? 0) >= 100;

/**
 * Progress of the whole history. Each sync type has a share of the time that users wait for; FULL is nearly all of it.
 */
function percent(chunks: readonly HistoryChunk[]): number {
  const shares = chunks
    .filter((chunk) => chunk.storedAt !== null)
    .map((chunk) => {
      const progress = Math.min(100, Math.max(0, chunk.progress ?? 0));
      if (chunk.syncType === 'full') return 10 + progress * 0.89;
      if (chunk.syncType === 'recent') return 1 + progress * 0.09;
      return 1;
    });
  return Math.round(Math.max(0, ...shares) * 10) / 10;
}
