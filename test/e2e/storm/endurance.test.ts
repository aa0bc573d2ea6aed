import { expect, test } from 'vitest';
import { endure } from '../../support/storm/endurance.ts';
import { growth, surplus } from '../../support/storm/growth.ts';

test('People write and the connection ends over and over: every row is there, and nothing leaks or stays behind', async () => {
  const { samples, logLines, ...counts } = await endure({ messages: 240, reconnects: 6, samples: 3 });
  expect(counts).toEqual({ rows: 450, expectedRows: 450, staged: 0, searched: 25, wrong: [] });
  expect(logLines).toBeLessThan(20);
  expect(samples).toHaveLength(3);
  expect(new Set(samples.map(({ listeners }) => listeners)).size).toBe(1);
  expect(Math.max(...samples.map(({ heapUsed }) => heapUsed))).toBeLessThan(200e6);
}, 300_000);

test('What grows is seen to grow', () => {
  const samples = [9, 2, 4, 3].map((held) => ({ held }));
  expect(growth(samples, 'held')).toBe(1.5);
  expect(surplus(samples, 'held')).toBe(1);
});
