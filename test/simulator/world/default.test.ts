import { describe, expect, test } from 'vitest';
import { createWorld, defaultWorld } from '../../../src/simulator/world/default.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { allRows, hashOf, isStatus, media, seenAs } from './rows.ts';

function counted(world: World) {
  const types: Record<string, number> = {};
  const chats = new Set<string>();
  for (const { chat, info } of allRows(world)) {
    const type = isStatus(chat) ? undefined : seenAs(info);
    if (!type) continue;
    types[type] = (types[type] ?? 0) + 1;
    chats.add(chat.jid);
  }
  const of = (names: string[]) => names.reduce((sum, name) => sum + (types[name] ?? 0), 0);
  const messages = of(Object.keys(types));
  return { messages, chats: chats.size, media: of(media), text: messages - of(media) };
}

describe('figures', () => {
  test('the default world has the figures of the contract', () => {
    const world = createWorld(defaultWorld);
    expect(world.figures).toEqual({ messages: 8432, chats: 67, media: 2145, text: 6287 });
    expect(counted(world)).toEqual(world.figures);
  });

  test.each([
    [100, 1],
    [101, 7],
    [500, 2],
    [999, 3],
    [8432, 4],
    [8433, 1],
    [20_000, 99],
  ])('%i messages from seed %i are exactly as many, in all 67 chats and in proportion', (messages, seed) => {
    const world = createWorld({ messages, seed });
    expect(world.figures).toMatchObject({ messages, chats: 67, media: Math.round((messages * 2145) / 8432) });
    expect(counted(world)).toEqual(world.figures);
  });

  test('a chat says how many rows and counted messages it has', () => {
    for (const chat of createWorld({ seed: 3, messages: 2000 }).chats) {
      const rows = [...chat.messages()];
      expect(rows.length).toBe(chat.rows);
      expect(isStatus(chat) ? 0 : rows.filter(seenAs).length).toBe(chat.count);
    }
  });

  test('chats have realistic sizes: a few large ones, many small ones', () => {
    const counts = createWorld(defaultWorld).chats.map((chat) => chat.count);
    expect(counts[0]).toBeGreaterThan(1000);
    expect(counts.filter((count) => count > 0 && count < 100).length).toBeGreaterThan(40);
  });

  test.each([99, 1_000_001, 500.5, Number.NaN])('%d messages are refused', (messages) => {
    expect(() => createWorld({ seed: 1, messages })).toThrow(RangeError);
  });
});

describe('people', () => {
  const { people, blocked = [] } = createWorld(defaultWorld);

  test('show, hide or lack a picture and an about text: some of each', () => {
    const kinds = (field: 'about' | 'picture') => new Set(people.map((one) => one[field] && one[field] === 'hidden'));
    expect(kinds('about')).toEqual(new Set([undefined, true, false]));
    expect(kinds('picture')).toEqual(new Set([undefined, true, false]));
  });

  test('are blocked under their LID, one with a known number and one without', () => {
    const numbers = blocked.map((lid) => people.find((one) => one.lid === lid)?.pn !== undefined);
    expect(numbers).toEqual([true, false]);
  });
});

describe('determinism', () => {
  test('the default world never changes its rows', () => {
    expect(hashOf(createWorld(defaultWorld))).toBe('c860ed74ad55a8f8d5a54376e48904993619889080748faaa5f9a669ba87cbd8');
  });

  test('two worlds of one seed are equal, of two seeds are not', () => {
    const hashes = [1, 1, 2].map((seed) => hashOf(createWorld({ seed, messages: 700 })));
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  test('a range has the same rows, and a row is found by its id', () => {
    for (const chat of createWorld({ seed: 8, messages: 900 }).chats.filter((candidate) => candidate.slice)) {
      const rows = [...chat.messages(), ...(chat.olderMessages?.() ?? [])];
      const from = Math.floor(rows.length / 3);
      expect([...chat.slice!(from, from + 7)]).toEqual(rows.slice(from, from + 7));
      expect([...chat.slice!(rows.length - 1, rows.length + 5)]).toEqual(rows.slice(-1));
      for (const [row, { key }] of rows.entries()) expect(chat.rowOf!(key!.id!)).toBe(row);
      expect(chat.rowOf!('3EB00000000000000000')).toBeUndefined();
      expect(chat.rowOf!('')).toBeUndefined();
    }
  });
});

describe('bounds', () => {
  test('a million messages stream in bounded memory', () => {
    const world = createWorld({ seed: 1, messages: 1_000_000 });
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    let rows = 0;
    // Every tenth row of every chat keeps the test short and still includes the deepest ones.
    for (const chat of world.chats) {
      if (!chat.slice) continue;
      for (let from = 0; from < chat.rows!; from += 1000) {
        for (const info of chat.slice(from, Math.min(from + 100, chat.rows!))) rows += info.key ? 1 : 0;
        most = Math.max(most, process.memoryUsage().heapUsed - before);
      }
    }
    expect(rows).toBeGreaterThan(90_000);
    expect(most / 2 ** 20).toBeLessThan(150);
  });
});
