import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import type { HistoryProgress } from '../../src/domain/history.ts';
import { type HistoryContext, retrieveFullHistory, syncHistoryToDatabase } from '../../src/sync/history.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const arriving: HistoryProgress = {
  status: 'in_progress',
  syncing: true,
  progressPercent: 40,
  messagesSynced: 400,
  chatsSynced: 4,
  syncType: 'full',
  startedAt: 970_000,
  lastChunkAt: 990_000,
  missingParts: 0,
  completedAt: null,
};
const complete: HistoryProgress = {
  ...arriving,
  status: 'completed',
  syncing: false,
  progressPercent: 100,
  messagesSynced: 1000,
  completedAt: 1_000_000,
};

function context(read: () => HistoryProgress, overrides: Partial<HistoryContext> = {}) {
  const call = vi.fn(async () => ({ served_by: 'baileys' as const }));
  const progress = vi.fn();
  const history = { progress: read, pendingRows: () => 0 };
  const bridges = { assertSameAccount: async () => {} };
  return { call, progress, history, bridges, signal: new AbortController().signal, hasProgress: false, ...overrides };
}

/** Advances the fake clock until the call has an outcome; returns it with the elapsed seconds. */
async function outcome<T>(call: Promise<T>): Promise<{ value?: T; error?: unknown; seconds: number }> {
  const begun = Date.now();
  let result: { value?: T; error?: unknown } | undefined;
  call.then(
    (value) => {
      result = { value };
    },
    (error: unknown) => {
      result = { error };
    },
  );
  while (!result) await vi.advanceTimersByTimeAsync(100);
  return { ...result, seconds: (Date.now() - begun) / 1000 };
}

describe('retrieving the full history', () => {
  it('returns at once for a complete account, without a request to WhatsApp', async () => {
    const given = context(() => complete);
    const { value, seconds } = await outcome(retrieveFullHistory(given, { wait_for_completion: true }));
    expect(value).toMatchObject({
      status: 'completed',
      messages_synced: 1000,
      chats_synced: 4,
      progress_percent: 100,
      sync_duration_seconds: 30,
      served_by: 'baileys',
    });
    expect(seconds).toBeLessThan(1);
    expect(given.call).not.toHaveBeenCalled();
  });

  it.each([
    [0, undefined],
    [1, 'One part of it never arrived'],
    [3, '3 parts of it never arrived'],
  ])('explains for a complete history with %i missing parts what it costs to get them', async (missingParts, words) => {
    const given = context(() => ({ ...complete, missingParts }));
    const { value } = await outcome(retrieveFullHistory(given, { wait_for_completion: true }));
    if (words) expect(value?.message).toMatch(new RegExp(`${words}, .* is kept\\. .*last resort, after a backup`));
    else expect(value?.message).not.toContain('never arrived');
  });

  it('returns when the history is complete', async () => {
    let state = arriving;
    setTimeout(() => {
      state = complete;
    }, 20_000);
    const { value, seconds } = await outcome(
      retrieveFullHistory(
        context(() => state),
        { wait_for_completion: true, timeout: 1200 },
      ),
    );
    expect(value).toMatchObject({ status: 'completed', messages_synced: 1000 });
    expect(seconds).toBeCloseTo(20, 0);
  });

  it('waits for a complete history that is arriving again', async () => {
    let state: HistoryProgress = { ...complete, syncing: true };
    setTimeout(() => {
      state = complete;
    }, 5000);
    const { seconds } = await outcome(
      retrieveFullHistory(
        context(() => state),
        { wait_for_completion: true, timeout: 60 },
      ),
    );
    expect(seconds).toBeCloseTo(5, 0);
  });

  it('does not wait with wait_for_completion false', async () => {
    const { value, seconds } = await outcome(
      retrieveFullHistory(
        context(() => arriving),
        { wait_for_completion: false },
      ),
    );
    expect(value).toMatchObject({ status: 'in_progress', messages_synced: 400, progress_percent: 40 });
    expect(seconds).toBeLessThan(1);
  });

  it('fails with history_sync_timeout when an explicit timeout passes', async () => {
    const { error, seconds } = await outcome(
      retrieveFullHistory(
        context(() => arriving),
        { wait_for_completion: true, timeout: 70 },
      ),
    );
    expect(error).toMatchObject({ code: 'history_sync_timeout', details: { messages_synced: 400 } });
    expect(seconds).toBeCloseTo(70, 0);
  });

  it('returns within 45 s with the counts so far for a client without progress and a call without timeout', async () => {
    const { value, seconds } = await outcome(
      retrieveFullHistory(
        context(() => arriving),
        { wait_for_completion: true },
      ),
    );
    expect(value).toMatchObject({ status: 'in_progress', messages_synced: 400 });
    expect(value?.message).toContain('get_baileys_sync_status');
    expect(seconds).toBeLessThanOrEqual(45.5);
  });

  it('reports at least every 15 s to a client with progress, and waits longer then', async () => {
    const times: number[] = [];
    const given = context(() => arriving, { hasProgress: true, progress: () => void times.push(Date.now()) });
    const { seconds } = await outcome(retrieveFullHistory(given, { wait_for_completion: true }));
    expect(seconds).toBeGreaterThan(290);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000);
  });

  it('fails when parts cannot be downloaded or nothing arrives, except for failures before a reconnect', async () => {
    for (const [status, grace] of [
      ['failed', 10],
      ['stalled', 30],
    ] as const) {
      const standing = context(() => ({ ...arriving, status, syncing: false }));
      const { error, seconds } = await outcome(
        retrieveFullHistory(standing, { wait_for_completion: true, timeout: 100 }),
      );
      expect(error).toMatchObject({ code: 'history_sync_failed', details: { status } });
      expect(seconds).toBeCloseTo(grace, 0);
    }
  });

  it('stops at once on cancellation, and passes on errors of the bridge', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 3000);
    const given = context(() => arriving, { signal: controller.signal });
    const { error, seconds } = await outcome(retrieveFullHistory(given, { wait_for_completion: true, timeout: 100 }));
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(seconds).toBeLessThan(4);
    const call = vi.fn().mockRejectedValue(new AppError('not_linked', 'No phone is linked.'));
    const refused = await outcome(
      retrieveFullHistory(
        context(() => arriving, { call }),
        { wait_for_completion: true },
      ),
    );
    expect(refused.error).toMatchObject({ code: 'not_linked' });
  });
});

describe('copying the history into the database', () => {
  const result = { messages_synced: 10, duplicates_skipped: 2, failed: 1, chats_synced: 3 };

  it('reports the copied rows, the duplicates and the refused ones', async () => {
    const copyHistory = vi.fn().mockResolvedValue({ ...result, status: 'completed' });
    const given = context(() => arriving);
    const { value } = await outcome(syncHistoryToDatabase({ ...given, sync: { copyHistory } }));
    expect(value).toMatchObject({ ...result, sync_duration_seconds: expect.any(Number) });
    expect(value?.message).toContain('Copied 10 messages');
    expect(value?.message).toContain('2 were there already');
    expect(value?.message).toContain('1 could not be stored');
    expect(value?.message).toContain('still arriving');
    const { signal, progress } = given;
    expect(copyHistory).toHaveBeenCalledWith({ signal, progress, limitMs: 45_000 });
    await syncHistoryToDatabase({ ...given, hasProgress: true, sync: { copyHistory } });
    expect(copyHistory).toHaveBeenLastCalledWith({ signal, progress, limitMs: Number.POSITIVE_INFINITY });
  });
});

describe('two bridges of different accounts', () => {
  const bridges = {
    assertSameAccount: async () => {
      throw new AppError('account_mismatch', 'Two accounts.');
    },
  };

  it('receive no history, not even a complete one, and copy none', async () => {
    const copyHistory = vi.fn();
    const given = { ...context(() => complete, { bridges }), sync: { copyHistory } };
    const received = await outcome(retrieveFullHistory(given, { wait_for_completion: true }));
    const copied = await outcome(syncHistoryToDatabase(given));
    expect([received.error, copied.error]).toEqual([
      expect.objectContaining({ code: 'account_mismatch' }),
      expect.objectContaining({ code: 'account_mismatch' }),
    ]);
    expect(given.call).not.toHaveBeenCalled();
    expect(copyHistory).not.toHaveBeenCalled();
  });
});
