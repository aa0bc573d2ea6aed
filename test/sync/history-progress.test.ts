import { describe, expect, it } from 'vitest';
import type { HistoryChunk } from '../../src/domain/history.ts';
import { openStoredLookup } from '../../src/store/read/stored-lookup.ts';
import { type HistoryFacts, historyProgress } from '../../src/sync/history-progress.ts';
import { createHistoryReader } from '../../src/sync/history-reader.ts';
import { ada, announce, ben, me, message, messages, openBed } from './fixtures.ts';

const quietMs = 15_000;
const minute = 60_000;

function chunk(overrides: Partial<HistoryChunk>): HistoryChunk {
  const announcedAt = overrides.announcedAt ?? 1000;
  return {
    id: 'C',
    syncType: 'full',
    progress: 100,
    chunkOrder: 1,
    announcedAt,
    storedAt: announcedAt,
    messages: 0,
    error: null,
    ...overrides,
  };
}

function at(now: number, chunks: HistoryChunk[], facts: Partial<HistoryFacts> = {}) {
  const figures = { messages: 0, chats: 0 };
  return historyProgress({ chunks, figures, linkedAt: 0, resumedAt: 0, ...facts }, now, quietMs);
}

describe('history progress', () => {
  it('has not started before an account is linked, and is syncing from pairing on', () => {
    expect(at(0, [], { linkedAt: null, resumedAt: null })).toMatchObject({ status: 'not_started', syncing: false });
    expect(at(1, [])).toMatchObject({ status: 'in_progress', syncing: true, progressPercent: 0 });
  });

  it('is complete when FULL reached 100, all is stored and the quiet period has passed', () => {
    const chunks = [chunk({ announcedAt: 1000, storedAt: 2000 })];
    expect(at(2000 + quietMs - 1, chunks)).toMatchObject({ status: 'in_progress', syncing: true });
    expect(at(2000 + quietMs, chunks)).toMatchObject({
      status: 'completed',
      syncing: false,
      progressPercent: 100,
      completedAt: 2000 + quietMs,
    });
  });

  it.each(['initial_bootstrap', 'push_name', 'initial_status', 'non_blocking_data', 'on_demand'] as const)(
    'is not completed by %s at 100',
    (syncType) => {
      const progress = at(4 * minute, [chunk({ syncType })]);
      expect(progress).toMatchObject({ status: 'in_progress', completedAt: null });
      expect(progress.progressPercent).toBeLessThan(5);
    },
  );

  const parts = (...orders: number[]) =>
    orders.map((chunkOrder) => chunk({ id: `C${chunkOrder}`, chunkOrder, progress: chunkOrder * 25 }));

  it.each([
    [[1, 2, 3, 4], 0],
    [[1, 3, 4], 1],
    [[4, 1], 2],
    [[1, 2, 2, 3], 1], // no part is marked as the last
    [[3, 4], 0], // the first number is unknown
  ])('sees in parts %j that %i are missing', (orders, missing) => {
    expect(at(5000, parts(...orders)).missingParts).toBe(missing);
  });

  it('sees missing recent parts, and none without numbers', () => {
    const recent = parts(1, 4).map((part) => ({ ...part, syncType: 'recent' as const }));
    expect(at(5000, [...recent, ...parts(1, 2, 3, 4)]).missingParts).toBe(2);
    expect(at(5000, [chunk({ chunkOrder: null }), chunk({ chunkOrder: null })]).missingParts).toBe(0);
  });

  it.each([
    ['numbers every kind from 1', [1, 2], [2, 3, 4], 1],
    ['numbers every kind from 1', [1, 2], [1, 2, 3, 4], 0],
    ['numbers every kind from 0', [0, 1, 2, 3], [2, 3, 4], 2],
    ['goes on counting', [1, 2], [3, 4], 0],
    ['may do either', [1, 2], [4], 0],
    ['goes on counting', [2, 3], [4], 0],
  ])('concludes for a phone that %s in %j that %j are missing of the rest', (_, recent, full, missing) => {
    const newest = parts(...recent).map((part) => ({ ...part, id: `R${part.id}`, syncType: 'recent' as const }));
    const whole = newest.map((part, index) => ({ ...part, progress: index === recent.length - 1 ? 100 : 50 }));
    expect(at(5000, [...whole, ...parts(...full)]).missingParts).toBe(missing);
  });

  it('waits longer for a part that may be late, but not forever', () => {
    const some = parts(1, 2, 4);
    expect(at(1000 + 4 * quietMs - 1, some)).toMatchObject({ status: 'in_progress', syncing: true });
    expect(at(1000 + 4 * quietMs, some)).toMatchObject({ status: 'completed', completedAt: 1000 + 4 * quietMs });
    const late = chunk({ id: 'C3', chunkOrder: 3, progress: 75, announcedAt: 40_000 });
    expect(at(40_000 + quietMs, [...some, late]).completedAt).toBe(40_000 + quietMs);
  });

  it('ignores a failed part once the phone has sent it again', () => {
    const broken = chunk({ id: 'B', chunkOrder: 2, progress: 50, storedAt: null, error: 'status 404' });
    const others = parts(1, 3, 4);
    expect(at(2 * minute, [...others, broken]).status).toBe('failed');
    const again = chunk({ id: 'A', chunkOrder: 2, progress: 50, announcedAt: 2 * minute });
    expect(at(4 * minute, [...others, broken, again])).toMatchObject({ status: 'completed', missingParts: 0 });
    expect(at(4 * minute, [...others, broken, { ...again, storedAt: null }]).status).toBe('in_progress');
  });

  it('does not match parts without numbers with resent ones', () => {
    const waiting = chunk({ id: 'W', chunkOrder: null, progress: 50, storedAt: null });
    const stored = chunk({ id: 'S', chunkOrder: null, announcedAt: 2000 });
    expect(at(2 * minute, [waiting, stored])).toMatchObject({ status: 'in_progress', completedAt: null });
  });

  it('waits for every announced chunk, including one announced after FULL reached 100', () => {
    const chunks = [chunk({}), chunk({ progress: 50, announcedAt: 5000, storedAt: null })];
    expect(at(2 * minute, chunks)).toMatchObject({ status: 'in_progress' });
    expect(at(2 * minute, [chunk({}), chunk({ progress: 50, announcedAt: 5000, storedAt: 119_000 })]).status).toBe(
      'in_progress',
    );
  });

  it('stays complete when the same history arrives again, and reports that it is arriving', () => {
    const chunks = [chunk({}), chunk({ progress: 3, announcedAt: 10 * minute, storedAt: null })];
    expect(at(10 * minute + 1, chunks)).toMatchObject({ status: 'completed', syncing: true, progressPercent: 100 });
    const whole = [chunk({}), chunk({ progress: 3, announcedAt: 10 * minute })];
    expect(at(10 * minute + quietMs, whole)).toMatchObject({
      status: 'completed',
      syncing: false,
      completedAt: 1000 + quietMs,
    });
  });

  it('is complete with recent history alone after ten minutes without FULL', () => {
    const chunks = [chunk({ syncType: 'recent' })];
    expect(at(1000 + 10 * minute - 1, chunks).status).not.toBe('completed_recent');
    expect(at(1000 + 10 * minute, chunks)).toMatchObject({
      status: 'completed_recent',
      syncing: false,
      progressPercent: 100,
    });
    const fullLater = [...chunks, chunk({ announcedAt: 20 * minute, progress: 10, storedAt: null })];
    expect(at(20 * minute, fullLater)).toMatchObject({ status: 'completed_recent', syncing: true });
    const fullBefore = [...chunks, chunk({ announcedAt: 2 * minute, progress: 10 })];
    expect(at(11 * minute, fullBefore).status).toBe('stalled');
  });

  it('is stalled after five minutes without an event, and continues when the account logs in again', () => {
    const chunks = [chunk({ progress: 40 })];
    expect(at(1000 + 5 * minute - 1, chunks).status).toBe('in_progress');
    expect(at(1000 + 5 * minute, chunks)).toMatchObject({ status: 'stalled', syncing: false });
    expect(at(1000 + 5 * minute, chunks, { resumedAt: 5 * minute }).status).toBe('in_progress');
  });

  it('has failed when missing parts were given up and nothing else arrives', () => {
    const failed = chunk({ storedAt: null, error: 'gone' });
    expect(at(minute, [chunk({ progress: 50 }), failed])).toMatchObject({ status: 'failed', syncing: false });
    expect(at(minute, [failed, chunk({ storedAt: null })]).status).toBe('in_progress');
  });

  it('never decreases while chunks arrive, and reaches 100 only when complete', () => {
    const types = ['initial_bootstrap', 'push_name', 'recent', 'recent', 'full', 'full', 'full'] as const;
    const progress = [100, 100, 40, 100, 30, 80, 100];
    let last = 0;
    for (let count = 1; count <= types.length; count++) {
      const chunks = types
        .slice(0, count)
        .map((syncType, index) => chunk({ syncType, progress: progress[index] ?? 0, announcedAt: index * 100 }));
      const { progressPercent } = at(count * 100, chunks);
      expect(progressPercent).toBeGreaterThanOrEqual(last);
      expect(progressPercent).toBeLessThan(100);
      last = progressPercent;
    }
    expect(last).toBeGreaterThan(90);
  });
});

describe('the history reader', () => {
  it('counts new rows of the chunks once, before and after the copy', async () => {
    const paths: { messages?: string } = {};
    const now = 0;
    const bed = openBed({
      now: () => now,
      isStored: (chat, id) => openStoredLookup(paths.messages ?? '').has(chat, id),
    });
    paths.messages = bed.paths.messages;
    const reader = createHistoryReader(() => bed.staging, { quietMs, now: () => now });
    const figures = () => {
      const { messagesSynced, chatsSynced } = reader.progress();
      return [messagesSynced, chatsSynced, reader.pendingRows()];
    };
    bed.sink.onLinked(me);
    bed.stage(messages(30), 'C1');
    expect(figures()).toEqual([30, 3, 30]);
    bed.stage(messages(30), 'C2');
    expect(figures()).toEqual([30, 3, 30]);
    await bed.run();
    expect(figures()).toEqual([30, 3, 0]);
    bed.stage(messages(31), 'C3');
    expect(figures()).toEqual([31, 3, 31]);
    expect(await bed.run()).toMatchObject({ messages_synced: 1, duplicates_skipped: 30 });
    expect(figures()).toEqual([31, 3, 0]);
  });

  it('counts a person with two addresses as one chat, and a message under both once it was copied', async () => {
    const bed = openBed();
    const reader = createHistoryReader(() => bed.staging, { quietMs });
    bed.stage([message({ chatJid: ada.lid, sender: ada.lid }), message(), message({ chatJid: ben.pn })], 'C1');
    expect(reader.progress()).toMatchObject({ messagesSynced: 3, chatsSynced: 3 });
    bed.sink.ingest({ lane: 'live', lidPairs: [ada] });
    expect(await bed.run()).toMatchObject({ messages_synced: 2, duplicates_skipped: 1, chats_synced: 2 });
    expect(reader.progress()).toMatchObject({ messagesSynced: 2, chatsSynced: 2 });
  });

  it("completes the chats' checkpoints with the history", async () => {
    const bed = openBed({ quietMs: 0 });
    bed.stage(messages(10), 'C1');
    await bed.run('history', { isHistoryComplete: () => false });
    expect(bed.rows('SELECT DISTINCT status FROM checkpoints')).toEqual([{ status: 'in_progress' }]);
    await bed.run('history', { isHistoryComplete: () => true });
    expect(bed.rows('SELECT DISTINCT status, completed_at IS NOT NULL AS done FROM checkpoints')).toEqual([
      { status: 'completed', done: 1 },
    ]);
    expect(bed.sink.historySyncing()).toBe(false);
  });

  it('clears a failed chunk at a login', () => {
    let now = 0;
    const bed = openBed({ now: () => now, quietMs: 10 });
    const reader = createHistoryReader(() => bed.staging, { quietMs: 10, now: () => now });
    bed.sink.onLinked(me);
    announce(bed.sink, 'C1');
    bed.sink.chunkFailed('C1', 'gone');
    now = 100;
    expect(reader.progress().status).toBe('failed');
    bed.sink.onLinked(me);
    expect(reader.progress().status).toBe('in_progress');
    expect(bed.sink.historySyncing()).toBe(true);
  });
});
