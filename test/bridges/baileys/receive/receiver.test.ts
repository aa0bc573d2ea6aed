import * as library from '@whiskeysockets/baileys';
import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKeyStore, type KeyStore } from '../../../../bridges/baileys/library/key-store.ts';
import { createVoteReader } from '../../../../bridges/baileys/receive/poll-votes.ts';
import { createReceiver, type Receiver } from '../../../../bridges/baileys/receive/receiver.ts';
import { type MemoryKeys, memoryKeys } from '../rig/memory-keys.ts';
import { RecordingSink } from '../rig/recording-sink.ts';
import { context, friend, me, wire } from '../translate/wire-message.ts';

const { Type } = proto.Message.ProtocolMessage;
const lid = '20000000000001@lid';

let sink: RecordingSink;
let keys: MemoryKeys;
let keyStore: KeyStore;
let announced: { id: string; notification: proto.Message.IHistorySyncNotification }[];
let receiver: Receiver;
let shared: string[];

beforeEach(() => {
  shared = [];
  sink = new RecordingSink();
  keys = memoryKeys();
  announced = [];
  keyStore = createKeyStore(library, keys, {
    onLidPairs: (lidPairs) => sink.ingest({ lane: 'live', lidPairs }),
    onFailure: () => {},
  });
  const source = { rawMessage: (chat: string, id: string) => sink.messages.get(`${chat} ${id}`)?.raw ?? undefined };
  receiver = createReceiver({
    library,
    sink,
    keys,
    keyStore,
    votes: createVoteReader({ library, sink, source, keyStore, translate: context }),
    history: { announce: (id, notification) => void announced.push({ id, notification }) },
    translate: context,
    onSharedKey: (id) => void shared.push(id),
  });
});

const from = (fromMe: boolean, message: proto.IMessage, id = 'STANZA'): WAMessage =>
  wire(message, { key: { remoteJid: fromMe ? me.pn : friend, fromMe, id } }) as WAMessage;

const notification = { syncType: 2, progress: 50, chunkOrder: 3, directPath: '/v/x?y', mediaKey: Buffer.alloc(32, 1) };
const historyMessage = {
  protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification: notification },
};
const keyShare = {
  protocolMessage: {
    type: Type.APP_STATE_SYNC_KEY_SHARE,
    appStateSyncKeyShare: {
      keys: [{ keyId: { keyId: Buffer.from([1, 2]) }, keyData: { keyData: Buffer.from([9]), timestamp: 5 } }],
    },
  },
};
const doneIds = () => keys.done.map(({ id }) => id);
const keyId = Buffer.from([1, 2]).toString('base64');

describe('messages', () => {
  test('are stored with what came beside them, and then done in the journal', () => {
    const order: string[] = [];
    sink.refuse = () => void order.push('ingest');
    keys.journalDone = (stanzas) => void order.push(`done ${stanzas.map(({ id }) => id).join()}`);
    receiver.receive([from(false, { conversation: 'a' }, 'A'), from(false, { conversation: 'b' }, 'B')], {
      chats: [{ jid: friend, archived: true }],
    });
    expect(order).toEqual(['ingest', 'done A,B']);
    expect(sink.batches).toHaveLength(1);
    expect(sink.batches[0]).toMatchObject({ lane: 'live', chats: [{ jid: friend, archived: true }] });
  });

  test('stay in the journal when the store refuses them', () => {
    sink.refuse = () => {
      throw new Error('disk full');
    };
    expect(() => receiver.receive([from(false, { conversation: 'a' })])).toThrow('disk full');
    expect(doneIds()).toEqual([]);
  });

  test('that take others back let the journal forget those, before they are done themselves', () => {
    const order: string[] = [];
    keys.journalForget = (ids) => void order.push(`forget ${ids.join()}`);
    keys.journalDone = (stanzas) =>
      void order.push(`done ${stanzas.map(({ id, edits }) => (edits ? `${id} of ${edits}` : id)).join()}`);
    const edited = { conversation: 'b' };
    receiver.receive([
      from(false, { protocolMessage: { type: Type.REVOKE, key: { id: 'A' } } }, 'R'),
      from(false, { protocolMessage: { type: Type.MESSAGE_EDIT, key: { id: 'B' }, editedMessage: edited } }, 'E'),
      from(
        false,
        { editedMessage: { message: { protocolMessage: { type: Type.MESSAGE_EDIT, key: { id: 'C' } } } } },
        'F',
      ),
    ]);
    expect(order).toEqual(['forget A', 'done R,E of B,F of C']);
  });

  test('that come again after the journal forgot them bring no row', () => {
    receiver.receive([from(false, {}, 'A')]);
    expect(sink.batches.flatMap(({ messages = [], changes = [] }) => [...messages, ...changes])).toEqual([]);
    expect(doneIds()).toEqual(['A']);
  });

  test('of a large flush go over in slices of 500', () => {
    const many = Array.from({ length: 1201 }, (_, index) => from(false, { conversation: 'x' }, `M${index}`));
    receiver.receive(many);
    expect(sink.batches.map((batch) => batch.messages?.length)).toEqual([500, 500, 201]);
    expect(keys.done).toHaveLength(1201);
  });

  test('teach pairs of addresses and names', () => {
    const message = from(false, { conversation: 'x' });
    message.pushName = 'ana';
    message.key.remoteJidAlt = lid;
    receiver.receive([message]);
    expect(sink.pairs.get(lid)).toEqual({ lid, pn: friend });
    expect(sink.contacts.get(friend)?.pushName).toBe('ana');
  });

  test('that were not decrypted in all parts are neither stored nor done: they come again', () => {
    const stub = from(false, { senderKeyDistributionMessage: {} });
    stub.messageStubType = proto.WebMessageInfo.StubType.CIPHERTEXT;
    receiver.receive([stub]);
    expect(sink.messages.size).toBe(0);
    expect(doneIds()).toEqual([]);
  });

  test('that nobody sees are done without a row', () => {
    receiver.receive([from(false, { senderKeyDistributionMessage: {} }, 'K')]);
    expect(sink.batches).toEqual([]);
    expect(doneIds()).toEqual(['K']);
  });
});

describe('words of the own phone', () => {
  test('about history are announced whole, and done only after that', () => {
    receiver.receive([from(true, historyMessage, 'H1')]);
    expect(announced.map(({ id }) => id)).toEqual(['H1']);
    expect(announced[0]?.notification).toMatchObject({
      syncType: 2,
      progress: 50,
      chunkOrder: 3,
      directPath: '/v/x?y',
    });
    expect(doneIds()).toEqual(['H1']);
    expect(sink.messages.size).toBe(0);
  });

  test('said by anybody else are not believed', () => {
    const resend = { webMessageInfoBytes: proto.WebMessageInfo.encode(wire({ conversation: 'forged' })).finish() };
    const answer = { peerDataOperationResult: [{ placeholderMessageResendResponse: resend }] };
    receiver.replay([
      from(false, historyMessage),
      from(false, keyShare),
      from(false, { protocolMessage: { type: 17, peerDataOperationRequestResponseMessage: answer } }),
    ]);
    expect(announced).toEqual([]);
    expect(keyStore.get('app-state-sync-key', [keyId])).toEqual({});
    expect(sink.messages.size).toBe(0);
  });

  test('that share a key are done when the library has stored it, not before', () => {
    receiver.receive([from(true, keyShare, 'K1')]);
    expect(doneIds()).toEqual([]);
    receiver.keysArrived();
    expect(doneIds()).toEqual([]);
    keyStore.set({ 'app-state-sync-key': { [keyId]: { keyData: Buffer.from([9]) } } });
    receiver.keysArrived();
    expect(doneIds()).toEqual(['K1']);
    receiver.receive([from(true, keyShare, 'K2')]);
    expect(doneIds()).toEqual(['K1', 'K2']);
  });

  test('that share a key are obeyed when they come from the journal', () => {
    receiver.replay([from(true, keyShare, 'K1')]);
    expect(Object.keys(keyStore.get('app-state-sync-key', [keyId]))).toEqual([keyId]);
    expect(doneIds()).toEqual(['K1']);
    expect(shared).toEqual([keyId]);
  });

  test('that name a key which the phone does not have either are done at once', () => {
    const type = Type.APP_STATE_SYNC_KEY_SHARE;
    const appStateSyncKeyShare = { keys: [{ keyId: { keyId: Buffer.from([7]) } }] };
    receiver.replay([from(true, { protocolMessage: { type, appStateSyncKeyShare } }, 'K1')]);
    expect(doneIds()).toEqual(['K1']);
    expect(shared).toEqual([]);
  });

  test('that bring messages again are unpacked, and bytes that are none do no harm', () => {
    const again = wire({ conversation: 'sent again' }, { key: { remoteJid: friend, fromMe: false, id: 'OLD' } });
    const results = [
      { placeholderMessageResendResponse: { webMessageInfoBytes: Buffer.from([0xff, 0xff, 0xff]) } },
      { placeholderMessageResendResponse: { webMessageInfoBytes: proto.WebMessageInfo.encode(again).finish() } },
      {},
    ];
    const answer = { peerDataOperationResult: results };
    receiver.receive([
      from(true, { protocolMessage: { type: 17, peerDataOperationRequestResponseMessage: answer } }, 'P'),
    ]);
    expect(sink.find('OLD')?.content).toBe('sent again');
    expect(doneIds()).toEqual(['P']);
  });

  test('about migrated addresses are kept when they come from the journal', () => {
    const mappings = [{ pn: 15550100001, assignedLid: 20000000000009, latestLid: 20000000000001 }];
    const payload = proto.LIDMigrationMappingSyncPayload.encode({ pnToLidMappings: mappings }).finish();
    const message = { lidMigrationMappingSyncMessage: { encodedMappingPayload: payload } };
    receiver.replay([from(true, { protocolMessage: { type: Type.LID_MIGRATION_MAPPING_SYNC, ...message } }, 'L')]);
    expect(sink.pairs.get(lid)).toEqual({ lid, pn: friend });
    const stored = keyStore.get('lid-mapping', ['15550100001', '20000000000001_reverse']);
    expect(stored).toEqual({ 15550100001: '20000000000001', '20000000000001_reverse': '15550100001' });
  });
});
