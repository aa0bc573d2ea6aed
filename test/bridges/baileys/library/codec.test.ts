import { BufferJSON, initAuthCreds } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, serialize } from '../../../../bridges/baileys/library/codec.ts';

test('bytes survive, whatever they are called', () => {
  const value = { key: Buffer.from([1, 2, 255]), plain: new Uint8Array([3]), nested: [{ empty: Buffer.alloc(0) }] };
  expect(parse(serialize(value))).toEqual({
    key: Buffer.from([1, 2, 255]),
    plain: Buffer.from([3]),
    nested: [{ empty: Buffer.alloc(0) }],
  });
});

test('it is the form of Baileys, in both directions', () => {
  const creds = initAuthCreds();
  expect(serialize(creds)).toBe(JSON.stringify(creds, BufferJSON.replacer));
  expect(parse(JSON.stringify(creds, BufferJSON.replacer))).toEqual(JSON.parse(serialize(creds), BufferJSON.reviver));
});

test('what only looks like bytes is left alone', () => {
  const lookalike = { type: 'Buffer', data: 7 };
  expect(parse(serialize({ lookalike, type: 'other', data: 'text' }))).toEqual({
    lookalike,
    type: 'other',
    data: 'text',
  });
});

test('any JSON value with bytes in it comes back the same', () => {
  const bytes = fc.uint8Array().map((array) => Buffer.from(array));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      bytes,
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('any')),
      fc.dictionary(fc.stringMatching(/^k[a-z]*$/), tie('any')),
    ),
  })).any;
  fc.assert(
    fc.property(value, (made) => {
      expect(parse(serialize(made))).toEqual(made);
    }),
    { seed: 1 },
  );
});
