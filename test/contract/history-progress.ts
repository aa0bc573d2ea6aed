import type { HistoryChunk, SyncType } from '../../src/domain/history.ts';
import { historyProgress } from '../../src/sync/history-progress.ts';
import { pick, seeded } from '../support/random.ts';

const quietMs = 15_000;
const cases = 400;
/** Its kinds by the names that the protocol gives them, which wa-bridge keeps. */
const wireKinds = { full: 'FULL', recent: 'RECENT', push_name: 'PUSH_NAME' } as const satisfies Partial<
  Record<SyncType, string>
>;

interface Part {
  kind: keyof typeof wireKinds;
  number: number | null;
  progress: number;
}

type Random = () => number;
const below = (random: Random, limit: number) => Math.floor(random() * limit);

/** The parts of a history as phones number them: each kind by itself from 0 or 1, or on and on, or not at all. */
function partsOf(random: Random): Part[] {
  const numbering = pick(random, ['each from 0', 'each from 1', 'on and on', 'none'] as const);
  let next = numbering === 'each from 0' ? 0 : 1;
  const start = next;
  return (['push_name', 'recent', 'full'] as const).flatMap((kind) => {
    const count = kind === 'push_name' ? below(random, 2) : below(random, 5);
    if (numbering !== 'on and on') next = start;
    return Array.from({ length: count }, (_, index) => ({
      kind,
      number: numbering === 'none' ? null : next++,
      progress: Math.floor((100 * (index + 1)) / count),
    }));
  });
}

/** Some parts never come, some come late or in another order, and some are stored long after they were announced. */
function chunksOf(random: Random): HistoryChunk[] {
  const pauses = [200, 3_000, quietMs - 1, quietMs, quietMs + 1, 2 * quietMs, 4 * quietMs, 5 * quietMs, 660_000];
  let at = 1_000;
  const came = partsOf(random).filter(() => below(random, 8) > 0);
  if (came.length > 1 && below(random, 3) === 0) came.push(...came.splice(below(random, came.length), 1));
  return came.map(({ kind, number, progress }, index) => {
    at += pick(random, pauses);
    const storedAt = at + pick(random, [0, 400, quietMs, 70_000]);
    return {
      id: `C${index}`,
      syncType: kind,
      progress,
      chunkOrder: number,
      announcedAt: at,
      storedAt,
      messages: 0,
      error: null,
    };
  });
}

/** The history as it was known at a moment. */
const knownAt = (chunks: readonly HistoryChunk[], now: number): HistoryChunk[] =>
  chunks
    .filter(({ announcedAt }) => announcedAt <= now)
    .map((chunk) => ({ ...chunk, storedAt: (chunk.storedAt ?? now) <= now ? chunk.storedAt : null }));

function line(seed: number): string {
  const chunks = chunksOf(seeded(seed));
  const events = chunks.flatMap(({ announcedAt, storedAt }) => [announcedAt, storedAt ?? announcedAt]);
  const end = Math.max(1_000, ...events);
  const moments = [...events, ...events.map((at) => at - 1), end + quietMs - 1, end + quietMs, end + 4 * quietMs - 1];
  const looks = [...new Set([...moments, end + 4 * quietMs, end + 599_999, end + 600_000])].sort((a, b) => a - b);
  const figures = { messages: 0, chats: 0 };
  const whole = looks.map((now) => {
    const facts = { chunks: knownAt(chunks, now), figures, linkedAt: 0, resumedAt: 0 };
    return historyProgress(facts, now, quietMs).completedAt !== null;
  });
  const parts = chunks.map(({ syncType, chunkOrder, progress, announcedAt, storedAt }) => ({
    kind: wireKinds[syncType as Part['kind']],
    number: chunkOrder,
    progress,
    announced_at: announcedAt,
    stored_at: storedAt,
  }));
  return JSON.stringify({ seed, quiet_ms: quietMs, parts, looks, whole });
}

/** Histories as phones may send them, and from which moment on the Node program calls them complete. */
export function historyProgressCases(): string[] {
  return Array.from({ length: cases }, (_, seed) => line(seed));
}
