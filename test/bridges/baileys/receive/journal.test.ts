import { setImmediate as nextTurn } from 'node:timers/promises';
import * as baileys from '@whiskeysockets/baileys';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKeyStore, inboundType, StoreError } from '../../../../bridges/baileys/library/key-store.ts';
import type { Library } from '../../../../bridges/baileys/library/library.ts';
import { libraryLogger } from '../../../../bridges/baileys/library/logger.ts';
import { createJournal, hashOf } from '../../../../bridges/baileys/receive/journal.ts';
import { type MemoryKeys, memoryKeys } from '../rig/memory-keys.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const ciphertext = Buffer.from('ciphertext');
const plain = Buffer.from('plaintext');

let keys: MemoryKeys;
let steps: number;
let decryption: () => Promise<Uint8Array>;
let repository: ReturnType<ReturnType<typeof createJournal>['makeSignalRepository']>;
let deliver: (stanza: baileys.BinaryNode) => void;

beforeEach(() => {
  keys = memoryKeys();
  steps = 0;
  decryption = async () => plain;
  const step = async (transactional: { set(data: object): Promise<void> }) => {
    steps++;
    await transactional.set({ session: { ratchet: Buffer.from([steps]) } });
    return decryption();
  };
  const library = {
    ...baileys,
    DEFAULT_CONNECTION_CONFIG: {
      makeSignalRepository: (auth: { keys: { set(data: object): Promise<void> } }) => ({
        decryptMessage: () => step(auth.keys),
        decryptGroupMessage: () => step(auth.keys),
      }),
    },
  } as unknown as Library;
  const journal = createJournal(library);
  const store = createKeyStore(baileys, keys, { onLidPairs: () => {}, onFailure: () => {} });
  const once = { maxCommitRetries: 1, delayBetweenTriesMs: 0 };
  const logger = libraryLogger(silent);
  const transactional = baileys.addTransactionCapability(store as never, logger, once);
  repository = journal.makeSignalRepository({ creds: {} as never, keys: transactional }, logger);
  journal.watch({
    ws: {
      on: (_event: string, listener: typeof deliver) => {
        deliver = listener;
      },
    },
  } as never);
});

const stanza = (content: Uint8Array): baileys.BinaryNode => ({
  tag: 'message',
  attrs: { id: 'STANZA', from: '15550100001@s.whatsapp.net', t: '1767323045' },
  content: [{ tag: 'enc', attrs: { type: 'msg', v: '2' }, content }],
});
const decrypt = () => repository.decryptMessage({ jid: '15550100001@s.whatsapp.net', type: 'msg', ciphertext });

describe('a decrypted message', () => {
  test('is committed with the step of the ratchet, in one call of the store', async () => {
    deliver(stanza(ciphertext));
    expect(await decrypt()).toEqual(plain);
    expect(keys.sets).toHaveLength(1);
    expect(keys.sets[0]).toMatchObject({
      rows: [{ type: 'session', id: 'ratchet' }],
      journal: [{ hash: hashOf(ciphertext), plain, stanzaId: 'STANZA', source: '15550100001@s.whatsapp.net ' }],
    });
  });

  test('keeps its stanza with a hash in the place of the ciphertext', async () => {
    const large = Buffer.alloc(100_000, 7);
    deliver(stanza(large));
    await repository.decryptGroupMessage({ group: 'g@g.us', authorJid: 'a@lid', msg: large });
    const kept = keys.journalEntry(hashOf(large))?.stanza ?? new Uint8Array();
    expect(kept.length).toBeLessThan(300);
    const node = await baileys.decodeBinaryNode(Buffer.from(kept));
    expect(node.attrs).toMatchObject({ id: 'STANZA', from: '15550100001@s.whatsapp.net' });
    const [enc] = node.content as baileys.BinaryNode[];
    expect(Buffer.from(enc?.content as Uint8Array).toString('hex')).toBe(hashOf(large));
  });

  test('that is delivered again is answered without a second step', async () => {
    await decrypt();
    decryption = () => Promise.reject(new Error('Key used already or never filled'));
    expect(await decrypt()).toEqual(plain);
    expect(steps).toBe(1);
    expect(keys.sets).toHaveLength(1);
  });

  test('without a known stanza is journalled all the same', async () => {
    await decrypt();
    expect(keys.journalEntry(hashOf(ciphertext))).toMatchObject({ stanza: null, stanzaId: null, source: null });
  });
});

describe('a decryption that fails', () => {
  test('keeps nothing, and the library is told, so that it asks for a resend', async () => {
    decryption = () => Promise.reject(new Error('Bad MAC'));
    await expect(decrypt()).rejects.toThrow('Bad MAC');
    expect(keys.sets).toHaveLength(0);
    expect(keys.journalPending()).toEqual([]);
  });

  test('because of the store never settles: it must not become a receipt', async () => {
    keys.failure = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    let settled = false;
    void decrypt().then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect(settled).toBe(false);
  });
});

test('a store error keeps its cause and says nothing of the data', () => {
  const error = new StoreError('x', { cause: new Error('y') });
  expect(error.name).toBe('StoreError');
  expect(inboundType).not.toBe('session'); // a transaction named like a key type would deadlock
});
