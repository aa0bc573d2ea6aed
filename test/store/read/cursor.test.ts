import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, requireLimit } from '../../../src/store/read/cursor.ts';

const refused = expect.objectContaining({ code: 'invalid_input' });

describe('a cursor', () => {
  test('decodes to its place, and needs no escaping in a URL', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), (time, id) => {
        const cursor = encodeCursor('messages', [time, id]);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor('messages', cursor)).toEqual([time, id]);
      }),
      { seed: 41 },
    );
  });

  test('is optional: without one, the list begins at the start', () => {
    expect(decodeCursor('query', undefined)).toBeUndefined();
  });

  test('of another list is refused', () => {
    expect(() => decodeCursor('checkpoints', encodeCursor('query', [1, 2]))).toThrow(refused);
  });

  test('that was changed is refused, and the error does not repeat it', () => {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const bad of [
      json({ query: [1] }),
      json({ query: ['1', 2] }),
      json({ query: [1, 2], more: 1 }),
      json(null),
      json([1, 2]),
      json({ query: [1.5, 2] }),
    ]) {
      expect(() => decodeCursor('query', bad), bad).toThrow(refused);
    }
    expect(() => decodeCursor('query', 'SECRET')).toThrow(/^(?!.*SECRET)/);
  });

  test('that is any other text is refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor('name', text)).toThrow(refused);
      }),
      { seed: 42 },
    );
  });
});

test('a page has 1 to 500 rows', () => {
  expect([requireLimit(1), requireLimit(500)]).toEqual([1, 500]);
  for (const limit of [0, -1, 501, 2.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => requireLimit(limit)).toThrow(refused);
});
