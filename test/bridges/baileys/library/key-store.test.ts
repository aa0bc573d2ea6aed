import * as library from '@whiskeysockets/baileys';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createKeyStore,
  inboundType,
  type KeyStore,
  StoreError,
} from '../../../../bridges/baileys/library/key-store.ts';
import type { LidPair } from '../../../../src/domain/chat.ts';
import { type MemoryKeys, memoryKeys } from '../rig/memory-keys.ts';

let keys: MemoryKeys;
let learned: LidPair[];
let failures: StoreError[];
let store: KeyStore;

beforeEach(() => {
  keys = memoryKeys();
  learned = [];
  failures = [];
  store = createKeyStore(library, keys, {
    onLidPairs: (pairs) => void learned.push(...pairs),
    onFailure: (error) => void failures.push(error),
  });
});

describe('keys', () => {
  test('of every type come back with their bytes; null and undefined delete', () => {
    store.set({
      session: { a: new Uint8Array([1]) },
      'pre-key': { 1: { public: Buffer.from([2]), private: Buffer.from([3]) } },
    });
    expect(store.get('session', ['a', 'b'])).toEqual({ a: Buffer.from([1]) });
    expect(store.get('pre-key', ['1'])).toEqual({ 1: { public: Buffer.from([2]), private: Buffer.from([3]) } });
    store.set({ session: { a: null }, 'pre-key': { 1: undefined } });
    expect(store.get('session', ['a'])).toEqual({});
    expect(keys.rows.size).toBe(0);
  });

  test('that open app state are protobuf objects again', () => {
    const { AppStateSyncKeyData } = library.proto.Message;
    const data = AppStateSyncKeyData.create({ keyData: Buffer.from([9, 9]), timestamp: 5 });
    store.set({ 'app-state-sync-key': { k: data } });
    const read = store.get('app-state-sync-key', ['k'])['k'];
    expect(read).toBeInstanceOf(AppStateSyncKeyData);
    expect(Buffer.from((read as { keyData: Uint8Array }).keyData)).toEqual(Buffer.from([9, 9]));
  });

  test('and journalled plaintexts of one set are one call of the store', () => {
    const entry = { plain: Buffer.from('plain'), stanza: Buffer.from([1]), stanzaId: 'A1', source: 'chat sender' };
    store.set({ session: { s: Buffer.from([1]) }, [inboundType]: { hash1: entry } });
    expect(keys.sets).toHaveLength(1);
    expect(keys.sets[0]).toMatchObject({
      rows: [{ type: 'session', id: 's' }],
      journal: [{ hash: 'hash1', stanzaId: 'A1' }],
    });
    expect(store.get(inboundType, ['hash1', 'other'])).toEqual({ hash1: { hash: 'hash1', ...entry } });
  });
});

describe('how far settings were read', () => {
  const state = (version: number) => ({ version, hash: Buffer.alloc(128, version), indexValueMap: {} });

  test('is kept when the store has them, for the next process too', () => {
    store.setReadTo('regular', state(3));
    expect(store.readTo('regular')).toEqual(state(3));
    const next = createKeyStore(library, keys, { onLidPairs: () => {}, onFailure: () => {} });
    expect(next.get('app-state-sync-version', ['regular', 'regular_low'])).toEqual({ regular: state(3) });
    expect(next.readTo('regular_low')).toBeUndefined();
  });

  test('by the library itself does not count, since it is unknown when that reaches the store', () => {
    store.setReadTo('regular', state(3));
    store.set({ 'app-state-sync-version': { regular: state(4) } });
    expect(store.get('app-state-sync-version', ['regular'])).toEqual({ regular: state(4) });
    expect(store.readTo('regular')).toEqual(state(3));
    store.set({ 'app-state-sync-version': { regular: null } });
    expect(store.get('app-state-sync-version', ['regular'])).toEqual({ regular: state(3) });
  });

  test('is the same for the library as soon as the store is ahead of it', () => {
    store.set({ 'app-state-sync-version': { regular: state(4) } });
    store.setReadTo('regular', state(5));
    expect(store.get('app-state-sync-version', ['regular'])).toEqual({ regular: state(5) });
  });
});

describe('LID pairs', () => {
  test('that the library learns are handed on once each, with full addresses', () => {
    store.set({ 'lid-mapping': { 15550100001: '20000000000001', '20000000000001_reverse': '15550100001' } });
    expect(learned).toEqual([{ lid: '20000000000001@lid', pn: '15550100001@s.whatsapp.net' }]);
  });

  test('that cannot be kept stop the library from storing them, so that it tells us again', () => {
    const refusing = createKeyStore(library, keys, {
      onLidPairs: () => {
        throw new Error('disk full');
      },
      onFailure: (error) => void failures.push(error),
    });
    expect(() => refusing.set({ 'lid-mapping': { 15550100001: '20000000000001' } })).toThrow(StoreError);
    expect(keys.rows.size).toBe(0);
    expect(failures).toHaveLength(1);
  });
});

test.each(['get', 'set'] as const)('a store that fails at %s is reported before the library can go on', (call) => {
  keys.failure = Object.assign(new Error('secret 15550100001'), { code: 'SQLITE_FULL' });
  const act = () => (call === 'get' ? store.get('session', ['a']) : store.set({ session: { a: Buffer.from([1]) } }));
  expect(act).toThrow(StoreError);
  expect(failures).toHaveLength(1);
  expect(failures[0]?.message).not.toContain('secret');
  expect(failures[0]?.cause).toBe(keys.failure);
});
