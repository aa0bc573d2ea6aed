import { expect, test } from 'vitest';
import { waitLimitMs } from '../../src/sync/wait-limit.ts';

test('A call waits for its timeout, else as long as the client shows progress, else shorter than the limit of clients', () => {
  const watched = { hasProgress: true };
  const silent = { hasProgress: false };
  expect(waitLimitMs(silent, { timeout: 1200, watchedMs: 300_000 })).toBe(1_200_000);
  expect(waitLimitMs(watched, { timeout: 1, watchedMs: 300_000 })).toBe(1000);
  expect(waitLimitMs(watched, { watchedMs: 300_000 })).toBe(300_000);
  expect(waitLimitMs(watched, { watchedMs: Number.POSITIVE_INFINITY })).toBe(Number.POSITIVE_INFINITY);
  expect(waitLimitMs(silent, { watchedMs: 300_000 })).toBe(45_000);
  expect(waitLimitMs(silent, { watchedMs: 5000 })).toBe(5000);
});
