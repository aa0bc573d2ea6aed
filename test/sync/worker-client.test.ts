import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { forgetDamage, noteDamage } from '../../src/store/files/failure.ts';
import type { Sync } from '../../src/sync/sync.ts';
import { createSync, type SyncOptions } from '../../src/sync/worker-client.ts';
import { type Bed, messages, openBed } from './fixtures.ts';
import { bundle } from './worker-build.ts';

let worker: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  worker = await bundle('src/sync/worker.ts', 'worker');
});
afterAll(() => worker.remove());

function openSync(bed: Bed, options: Partial<SyncOptions> = {}): Sync {
  const sync = createSync({ paths: bed.paths, quietMs: 0, workerPath: worker.path, ...options });
  onTestFinished(() => sync.close());
  return sync;
}

describe('the sync worker', () => {
  it('copies and indexes staged history before it answers, with progress', async () => {
    const bed = openBed();
    bed.stage(messages(3000));
    const steps: string[] = [];
    const progress = (done: number, total: number | null, message: string) => steps.push(`${message} ${done}/${total}`);
    const sync = openSync(bed);
    expect(await sync.transfer('history', { progress })).toMatchObject({ messages_synced: 3000, failed: 0 });
    expect(steps).toContain('Copying messages 3000/3000');
    expect(await sync.index(0)).toBe(0);
  });

  it('returns the counts so far at the time limit, continues, and counts the rest in the next answer', async () => {
    const bed = openBed();
    bed.stage(messages(20_000));
    const sync = openSync(bed);
    const signal = new AbortController().signal;
    const early = sync.copyHistory({ signal, progress: () => {}, limitMs: 1 });
    expect(await early).toMatchObject({ status: 'in_progress' });
    const seen: number[] = [];
    const late = sync.copyHistory({
      signal,
      progress: (done) => void seen.push(done),
      limitMs: Number.POSITIVE_INFINITY,
    });
    expect(await late).toMatchObject({ status: 'completed', messages_synced: 20_000, chats_synced: 3 });
    expect(seen.length).toBeGreaterThan(0);
  });

  it('copies nothing into a messages.db that is damaged in part, whichever thread has met it', async () => {
    const bed = openBed();
    bed.stage(messages(10));
    const sync = openSync(bed);
    expect(await sync.transfer('history')).toMatchObject({ messages_synced: 10 });
    const refused = { code: 'database_sync_failed', details: { file: 'messages.db', reason: 'damaged' } };
    onTestFinished(() => forgetDamage(bed.paths.messages));
    noteDamage(bed.paths.messages);
    bed.stage(messages(15).slice(10));
    await expect(sync.transfer('history')).rejects.toMatchObject(refused);
    forgetDamage(bed.paths.messages);
    expect(await sync.transfer('history')).toMatchObject({ messages_synced: 5 });
  });

  it('gives the counts of a copy to one of two calls that ask at once', async () => {
    const bed = openBed();
    bed.stage(messages(2000));
    const sync = openSync(bed);
    const results = await Promise.all([sync.transfer('history'), sync.transfer('history')]);
    expect(results.map((result) => result.messages_synced)).toEqual([2000, 0]);
  });

  it('stops on cancellation, and continues with the next call', async () => {
    const bed = openBed();
    bed.stage(messages(20_000));
    const sync = openSync(bed);
    const controller = new AbortController();
    const call = sync.transfer('history', { signal: controller.signal, progress: () => controller.abort() });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    const [before] = bed.rows('SELECT count(*) AS n FROM messages') as [{ n: number }];
    expect(before.n).toBeGreaterThan(0);
    expect(before.n).toBeLessThan(20_000);
    expect(await sync.transfer('history')).toMatchObject({ messages_synced: 20_000, duplicates_skipped: 0 });
  });

  it('closes in the middle of a copy without waiting for it, and loses nothing', async () => {
    const bed = openBed();
    bed.stage(messages(20_000));
    const sync = openSync(bed);
    let ended: Promise<void> | undefined;
    await new Promise<void>((begun) => {
      const call = sync.transfer('history', { progress: () => begun() });
      ended = expect(call).rejects.toMatchObject({ code: 'cancelled' });
    });
    await sync.close();
    await ended;
    const [copied] = bed.rows('SELECT count(*) AS n FROM main.messages') as { n: number }[];
    expect(copied?.n).toBeLessThan(20_000);
    expect(await openSync(bed).transfer('history')).toMatchObject({ messages_synced: 20_000, duplicates_skipped: 0 });
    expect(bed.rows('PRAGMA main.integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('answers a broken store with an error and works once it is repaired', async () => {
    const bed = openBed();
    bed.stage(messages(10));
    const log = vi.fn();
    const sync = openSync(bed, { log });
    bed.db.exec('ALTER TABLE messages RENAME TO gone');
    await expect(sync.transfer('history')).rejects.toMatchObject({ code: 'database_sync_failed' });
    expect(log).toHaveBeenCalled();
    bed.db.exec('ALTER TABLE gone RENAME TO messages');
    expect(await sync.transfer('history')).toMatchObject({ messages_synced: 10 });
  });

  it('fails pending calls when the thread ends, and starts a new one for the next', async () => {
    const bed = openBed();
    bed.stage(messages(10));
    const crashing = await bundle('test/sync/crashing-worker.ts', 'crashing');
    onTestFinished(() => crashing.remove());
    const options: SyncOptions = { paths: bed.paths, quietMs: 0, workerPath: crashing.path };
    const sync = openSync(bed, options);
    await expect(sync.transfer('history')).rejects.toMatchObject({ code: 'database_sync_failed' });
    await expect(sync.index(0)).rejects.toMatchObject({ code: 'database_sync_failed' });
  });

  it('refuses to clear uncopied rows unless forced', async () => {
    const bed = openBed();
    bed.stage(messages(10));
    const sync = openSync(bed);
    await expect(sync.clearStaging(false)).rejects.toMatchObject({
      code: 'database_sync_pending',
      message: expect.stringContaining('10 received messages'),
      details: { waiting: 10 },
    });
    expect(await sync.clearStaging(true)).toEqual({ messages_deleted: 10 });
    expect(await sync.transfer('history')).toMatchObject({ messages_synced: 0, duplicates_skipped: 0 });
    expect(await sync.clearStaging(false)).toEqual({ messages_deleted: 0 });
  });
});
