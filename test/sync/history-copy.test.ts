import { beforeEach, expect, test } from 'vitest';
import { createHistoryCopy } from '../../src/sync/history-copy.ts';
import type { CopyResult, Sync, TransferOptions, TransferResult } from '../../src/sync/sync.ts';

const forever = Number.POSITIVE_INFINITY;
const counts = (messages_synced: number): TransferResult => ({
  messages_synced,
  duplicates_skipped: 1,
  failed: 0,
  chats_synced: 2,
});

let copies: (TransferOptions & { end(result: TransferResult): void; fail(error: Error): void })[];
let copy: Sync['copyHistory'];

beforeEach(() => {
  copies = [];
  copy = createHistoryCopy(
    (_lane, options = {}) => new Promise((end, fail) => void copies.push({ ...options, end, fail })),
  );
});

const wait = (limitMs: number, signal = new AbortController().signal, progress = () => {}): Promise<CopyResult> =>
  copy({ signal, progress, limitMs });

/** Runs all pending callbacks. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('A call with a time limit returns the counts so far, and the next one the total', async () => {
  const first = wait(1);
  copies[0]?.onCounts?.(counts(1000));
  expect(await first).toMatchObject({ status: 'in_progress', messages_synced: 1000 });
  const second = wait(forever);
  copies[0]?.end(counts(2500));
  expect(await second).toEqual({ status: 'completed', ...counts(2500) });
  expect(copies).toHaveLength(1);
});

test('Rows copied while no call waits are counted once, in the next answer', async () => {
  await wait(0);
  copies[0]?.end(counts(2500));
  await turn();
  const next = wait(forever);
  copies[1]?.end(counts(10));
  expect(await next).toMatchObject({ status: 'completed', messages_synced: 2510, duplicates_skipped: 2 });
  const third = wait(forever);
  copies[2]?.end(counts(0));
  expect(await third).toMatchObject({ messages_synced: 0 });
});

test('A cancelled call stops the copy, unless another one waits for it', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const calls = [wait(forever, one.signal), wait(forever, other.signal)] as const;
  one.abort();
  await expect(calls[0]).rejects.toMatchObject({ code: 'cancelled' });
  expect(copies[0]?.signal?.aborted).toBe(false);
  other.abort();
  await expect(calls[1]).rejects.toMatchObject({ code: 'cancelled' });
  expect(copies[0]?.signal?.aborted).toBe(true);
  const next = wait(forever);
  expect(copies).toHaveLength(2);
  copies[1]?.end(counts(5));
  expect(await next).toMatchObject({ messages_synced: 5 });
  await expect(wait(forever, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});

test('A failure reaches the waiting calls; without one, the next call starts again and loses no counts', async () => {
  const call = wait(forever);
  copies[0]?.fail(new Error('disk full'));
  await expect(call).rejects.toThrow('disk full');
  await wait(0);
  copies[1]?.end(counts(7));
  await turn();
  await wait(0);
  copies[2]?.fail(new Error('disk full'));
  await turn();
  const last = wait(forever);
  copies[3]?.end(counts(1));
  expect(await last).toMatchObject({ status: 'completed', messages_synced: 8 });
});

test('Every waiting call receives the progress', async () => {
  const seen: string[] = [];
  const calls = ['a', 'b'].map((who) => wait(forever, new AbortController().signal, () => void seen.push(who)));
  copies[0]?.progress?.(1, 2, 'Copying');
  copies[0]?.end(counts(2));
  await Promise.all(calls);
  expect(seen).toEqual(['a', 'b']);
});
