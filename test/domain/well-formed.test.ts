import { expect, test } from 'vitest';
import { wellFormed } from '../../src/domain/well-formed.ts';

test.each([
  ['a\ud83db', 'a\ufffdb'],
  ['\udc00', '\ufffd'],
  ['😀', '😀'],
  [
    { content: '\ud83d', details: { list: [{ text: 'a\ud83d' }], n: 1, none: null } },
    { content: '\ufffd', details: { list: [{ text: 'a\ufffd' }], n: 1, none: null } },
  ],
  [
    ['\ud83d', 'b'],
    ['\ufffd', 'b'],
  ],
  [7, 7],
  [null, null],
  [undefined, undefined],
])('%j becomes %j', (value, wanted) => {
  expect(wellFormed(value)).toEqual(wanted);
});

test('What needs no change stays the same object, bytes too', () => {
  const value = { text: '😀', bytes: new Uint8Array([0xd8]), list: ['a', { b: 'c' }] };
  expect(wellFormed(value)).toBe(value);
  const changed = wellFormed({ ...value, text: '\ud83d' });
  expect(changed).toEqual({ ...value, text: '\ufffd' });
  expect(changed.list).toBe(value.list);
  expect(changed.bytes).toBe(value.bytes);
});
