import * as library from '@whiskeysockets/baileys';
import { beforeEach, expect, test } from 'vitest';
import {
  accountOf,
  additional,
  assertSameEnvironment,
  newCredentials,
  readCredentials,
  writeCredentials,
} from '../../../../bridges/baileys/library/credentials.ts';
import type { KeyValueStore } from '../../../../bridges/bridge.ts';
import { memoryKeys } from '../rig/memory-keys.ts';

let keys: KeyValueStore;
beforeEach(() => {
  keys = memoryKeys();
});

const linked = (simulated: boolean) => ({
  ...newCredentials(library, simulated),
  me: { id: '15550100000:12@s.whatsapp.net', lid: '20000000000000:12@lid', name: 'Morgan Test' },
  account: { details: new Uint8Array([1]) },
});

test('credentials of a linked device are read back as they were written', () => {
  const creds = linked(false);
  writeCredentials(keys, creds);
  const read = readCredentials(keys);
  expect(Buffer.from(read?.noiseKey.private ?? [])).toEqual(Buffer.from(creds.noiseKey.private));
  expect(read?.me).toEqual(creds.me);
});

test.each([
  ['nobody paired', {}],
  ['a pairing was broken off after the phone’s number was known', { me: { id: '15550100000@s.whatsapp.net' } }],
  ['the account is confirmed but unnamed', { account: {} }],
])('there are none when %s', (_why, part) => {
  writeCredentials(keys, { ...newCredentials(library, false), ...part } as never);
  expect(readCredentials(keys)).toBeNull();
});

test('the account is named without device parts', () => {
  expect(accountOf(linked(false))).toEqual({ pn: '15550100000@s.whatsapp.net', lid: '20000000000000@lid' });
  expect(accountOf({ ...linked(false), me: { id: '15550100000@s.whatsapp.net' } })?.lid).toBeNull();
  expect(accountOf(null)).toBeUndefined();
});

test('real and simulated credentials are kept apart in both directions', () => {
  expect(additional(linked(true)).sim).toBe(true);
  expect(() => assertSameEnvironment(linked(true), true)).not.toThrow();
  expect(() => assertSameEnvironment(linked(false), false)).not.toThrow();
  expect(() => assertSameEnvironment(linked(false), true)).toThrow(
    expect.objectContaining({ code: 'account_mismatch' }),
  );
  expect(() => assertSameEnvironment(linked(true), false)).toThrow(
    expect.objectContaining({ code: 'account_mismatch' }),
  );
  const old = { ...linked(false), additionalData: undefined };
  expect(() => assertSameEnvironment(old, true)).toThrow(expect.objectContaining({ code: 'account_mismatch' }));
});
