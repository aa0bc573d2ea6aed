import { expect, test } from 'vitest';
import { endure, growth } from '../support/endurance.ts';

test('People write and the connection ends over and over: every row is there, and nothing leaks or stays behind', async () => {
  const { samples, leaks, ...counts } = await endure({ messages: 240, reconnects: 6, samples: 3 });
  expect(counts).toMatchObject({ rows: 450, expectedRows: 450, staged: 0 });
  expect(leaks).toEqual([]);
  expect(samples).toHaveLength(3);
  expect(new Set(samples.map(({ listeners }) => listeners)).size).toBe(1);
  expect(Math.max(...samples.map(({ heapUsed }) => heapUsed))).toBeLessThan(200e6);
}, 120_000);

test('What grows is seen to grow', () => {
  const samples = [9, 2, 2, 3].map((held) => ({ held }));
  expect(growth(samples, 'held')).toBe(1.5);
});
