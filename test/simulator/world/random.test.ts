import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageId, rowOfMessageId } from '../../../src/simulator/world/message-id.ts';
import { hash, mix, permute, Random, shuffled, unmix } from '../../../src/simulator/world/random.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('unmix inverts mix', () => {
  fc.assert(fc.property(word, (value) => unmix(mix(value)) === value));
});

test('a permutation stays within its range and maps every index to another place', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), word, (size, key) => {
      const places = Array.from({ length: size }, (_, index) => permute(index, size, key));
      expect([...places].sort((a, b) => a - b)).toEqual(places.map((_, index) => index));
    }),
    { numRuns: 40 },
  );
});

test('permutations of different keys are different', () => {
  const orders = Array.from({ length: 20 }, (_, key) =>
    Array.from({ length: 50 }, (_, index) => permute(index, 50, hash(key, 0, 0))).join(),
  );
  expect(new Set(orders).size).toBe(20);
});

test('a message id names its chat and row, for its seed only', () => {
  const place = fc.record({
    seed: word,
    chat: fc.integer({ min: 0, max: 255 }),
    row: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  });
  fc.assert(
    fc.property(place, ({ seed, chat, row }) => {
      const id = messageId(seed, chat, row);
      expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
      expect(rowOfMessageId(seed, chat, id)).toBe(row);
      expect(rowOfMessageId(seed, (chat + 1) % 256, id)).toBeUndefined();
      expect(rowOfMessageId(seed, chat, id.slice(0, -1))).toBeUndefined();
    }),
  );
});

test('draws stay in their range and spread over it', () => {
  const random = new Random(42);
  const tens = Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw++) tens[random.below(10)]!++;
  for (const count of tens) expect(Math.abs(count - 1000)).toBeLessThan(150);
  const sizes = Array.from({ length: 4001 }, () => random.logNormal(36, 0.8)).sort((a, b) => a - b);
  expect(Math.abs(sizes[2000]! - 36)).toBeLessThan(3);
  expect(new Random(7).bytes(32)).toEqual(new Random(7).bytes(32));
  expect(random.bytes(32).length).toBe(32);
});

test('a shuffle keeps every element', () => {
  const list = Array.from({ length: 30 }, (_, index) => index);
  expect([...shuffled(list, new Random(3))].sort((a, b) => a - b)).toEqual(list);
  expect(shuffled(list, new Random(3))).not.toEqual(list);
});
