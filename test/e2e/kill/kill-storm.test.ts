import { expect, test } from 'vitest';
import { killStorm } from '../../support/storm/kill-storm.ts';

test('Killed while it was linked, fetched its history and heard people write, the program has every row once', async () => {
  const seed = 20261122;
  const { kills, rows, wrong } = await killStorm({ seed, rounds: 1, setUpKills: 2, liveKills: 4, messages: 300 });
  expect(wrong).toEqual([]);
  expect(kills).toBe(6);
  expect(rows).toBe(320); // 300 from history, five in eight of 32 live ones
}, 600_000);
