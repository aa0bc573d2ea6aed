import { deflateSync } from 'node:zlib';
import * as baileys from '@whiskeysockets/baileys';
import { proto } from '@whiskeysockets/baileys';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Library, Socket } from '../../../../bridges/baileys/library/library.ts';
import { createHistoryQueue, type HistoryQueue } from '../../../../bridges/baileys/receive/history.ts';
import { RecordingSink } from '../rig/recording-sink.ts';
import { context, friend, sentAt } from '../translate/wire-message.ts';

const { HistorySyncType } = proto.HistorySync;

let sink: RecordingSink;
let logged: string[];
let forgotten: string[];

beforeEach(() => {
  sink = new RecordingSink();
  logged = [];
  forgotten = [];
});

function queue(library: Library = baileys, socket?: Socket): HistoryQueue {
  const line = (_fields: object, message: string) => void logged.push(message);
  const log = { debug: line, info: line, warn: line, error: line };
  return createHistoryQueue({
    library,
    sink,
    log,
    request: {},
    translate: context,
    votes: { read: () => ({}) },
    socket: () => socket,
    forget: (ids) => void forgotten.push(...ids),
    retryMs: [1, 1],
  });
}

/** A notification with an inline chunk. */
function notification(count: number, chunk: Partial<proto.IHistorySync> = {}): proto.Message.IHistorySyncNotification {
  const messages = Array.from({ length: count }, (_, index) => ({
    message: {
      key: { remoteJid: friend, fromMe: false, id: `M${index}` },
      message: { conversation: `text ${index}` },
      messageTimestamp: sentAt + index,
      pushName: 'ana',
    },
  }));
  const history = { syncType: HistorySyncType.FULL, conversations: [{ id: friend, name: 'Ana', messages }], ...chunk };
  const payload = deflateSync(proto.HistorySync.encode(history).finish());
  return { syncType: HistorySyncType.FULL, progress: 100, chunkOrder: 1, initialHistBootstrapInlinePayload: payload };
}

describe('a chunk', () => {
  test('is recorded with all that is needed to download it, before anything else', async () => {
    const history = queue();
    history.announce('N1', { ...notification(1), syncType: HistorySyncType.RECENT, progress: 40, chunkOrder: 2 });
    expect(sink.chunks.get('N1')).toMatchObject({ syncType: 'recent', progress: 40, chunkOrder: 2, stored: false });
    const kept = proto.Message.HistorySyncNotification.decode(sink.chunks.get('N1')?.notification ?? new Uint8Array());
    expect(kept.initialHistBootstrapInlinePayload?.length).toBeGreaterThan(10);
    await history.idle();
    expect(sink.chunks.get('N1')?.stored).toBe(true);
  });

  test('is stored in slices of 500 rows that are told apart from live ones, and leaves turns to others', async () => {
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    const history = queue();
    history.announce('N1', notification(1700));
    await history.idle();
    clearInterval(count);
    const sizes = sink.batches.map((batch) => batch.messages?.length ?? 0).filter((size) => size > 0);
    expect(sizes).toEqual([500, 500, 500, 200]);
    expect(sink.batches.every((batch) => batch.lane === 'history' && batch.chunkId === 'N1')).toBe(true);
    expect(turns).toBeGreaterThan(1);
  });

  test('lets the journal forget what it shows as taken back', async () => {
    const { REVOKE } = proto.Message.ProtocolMessage.Type;
    const at = (id: string) => ({ key: { remoteJid: friend, fromMe: false, id }, messageTimestamp: sentAt });
    const messages = [
      { message: { ...at('GONE'), messageStubType: proto.WebMessageInfo.StubType.REVOKE } },
      { message: { ...at('R'), message: { protocolMessage: { type: REVOKE, key: { id: 'TOLD' } } } } },
      { message: { ...at('THERE'), message: { conversation: 'a text' } } },
    ];
    const history = queue();
    history.announce('N1', notification(1, { conversations: [{ id: friend, messages }] }));
    await history.idle();
    expect(forgotten.toSorted()).toEqual(['GONE', 'TOLD']);
  });

  test('brings chats, people and pairs before its messages', async () => {
    const pairs = [{ lidJid: '20000000000001@lid', pnJid: friend }];
    const history = queue();
    history.announce('N1', notification(1, { phoneNumberToLidMappings: pairs }));
    await history.idle();
    const order = sink.batches.map((batch) => Object.keys(batch).find((key) => !['lane', 'chunkId'].includes(key)));
    expect(order).toEqual(['lidPairs', 'contacts', 'chats', 'messages']);
    expect(sink.pairs.get('20000000000001@lid')?.pn).toBe(friend);
    expect(sink.chats.get(friend)).toMatchObject({ name: 'Ana' });
    expect(sink.contacts.get(friend)).toMatchObject({ savedName: 'Ana', pushName: 'ana' });
  });

  test('of push names teaches names and completes like the others', async () => {
    const pushnames = [
      { id: friend, pushname: 'ana' },
      { id: '20000000000009@lid', pushname: 'cas' },
    ];
    const history = queue();
    const chunk = { syncType: HistorySyncType.PUSH_NAME, conversations: [], pushnames };
    history.announce('N1', { ...notification(0, chunk), syncType: HistorySyncType.PUSH_NAME });
    await history.idle();
    expect(sink.contacts.get('20000000000009@lid')?.pushName).toBe('cas');
    expect(sink.chunks.get('N1')).toMatchObject({ syncType: 'push_name', stored: true });
  });

  test('of an unknown kind does not pass for full history', () => {
    queue().announce('N1', { ...notification(1), syncType: 99 as never });
    expect(sink.chunks.get('N1')?.syncType).toBe('non_blocking_data');
  });

  test('that is none, because there is no history to come, is not waited for', async () => {
    const history = queue();
    history.announce('N1', { syncType: 7 as never, progress: 100 });
    await history.idle();
    expect(sink.chunks.size).toBe(0);
  });

  test('that cannot be recorded is an error of the caller, and is not downloaded', async () => {
    sink.refuse = () => {
      throw new Error('disk full');
    };
    const history = queue();
    expect(() => history.announce('N1', notification(1))).toThrow('disk full');
    await history.idle();
    expect(sink.batches).toEqual([]);
  });
});

describe('a chunk that cannot be read', () => {
  test('is given up with a reason of ours, and the next chunk comes all the same', async () => {
    const history = queue();
    history.announce('N1', {
      syncType: HistorySyncType.FULL,
      initialHistBootstrapInlinePayload: Buffer.from('garbage'),
    });
    history.announce('N2', notification(2));
    await history.idle();
    expect(sink.chunks.get('N1')).toMatchObject({ stored: false, error: 'download failed (Error)', attempts: 1 });
    expect(sink.chunks.get('N2')).toMatchObject({ stored: true });
  });
});

describe('stopping and going on', () => {
  test('a store that refuses rows leaves the chunk announced, and the next run completes it', async () => {
    let refusals = 0;
    sink.refuse = (batch) => {
      if (batch.messages?.length && refusals++ === 1) throw new Error('disk full');
    };
    const history = queue();
    history.announce('N1', notification(1200));
    await history.idle();
    expect(sink.chunks.get('N1')).toMatchObject({ stored: false, error: 'could not be stored' });
    history.resume();
    await history.idle();
    expect(sink.chunks.get('N1')?.stored).toBe(true);
    expect(sink.messages.size).toBe(1200);
  });

  test('a stopped queue ends at a slice, and another one over the same store goes on', async () => {
    const first = queue();
    sink.refuse = (batch) => {
      if (batch.messages?.length) first.stop();
    };
    first.announce('N1', notification(1200));
    await first.idle();
    expect(sink.messages.size).toBe(500);
    expect(sink.chunks.get('N1')).toMatchObject({ stored: false, error: null });
    sink.refuse = undefined;
    const second = queue();
    second.resume();
    second.resume();
    await second.idle();
    expect(sink.messages.size).toBe(1200);
    expect(sink.pendingChunks()).toEqual([]);
  });
});

describe('what the library learns from a chunk', () => {
  const taught = async (chats: proto.IConversation[], known: Record<string, unknown> = {}) => {
    const stored: { tctoken?: Record<string, unknown> }[] = [];
    const pairs: unknown[] = [];
    const socket = {
      authState: { keys: { get: async () => known, set: async (data: object) => void stored.push(data) } },
      signalRepository: {
        lidMapping: {
          getLIDForPN: async (pn: string) => (pn === friend ? '20000000000001@lid' : null),
          storeLIDPNMappings: async (list: unknown[]) => void pairs.push(...list),
        },
      },
    } as unknown as Socket;
    const history = queue(baileys, socket);
    history.announce('N1', notification(0, { conversations: chats }));
    await history.idle();
    return { tokens: stored[0]?.tctoken, pairs };
  };
  const token = { tcToken: Buffer.from([7]), tcTokenTimestamp: 200 };

  test('are pairs of addresses, and trusted-contact tokens under the LID where it is known', async () => {
    const { tokens, pairs } = await taught([
      { id: friend, lidJid: '20000000000001@lid', ...token, tcTokenSenderTimestamp: 150 },
      { id: '15550100009@s.whatsapp.net', ...token },
      { id: '15550100008@s.whatsapp.net' },
    ]);
    expect(pairs).toEqual([{ lid: '20000000000001@lid', pn: friend }]);
    expect(tokens).toEqual({
      '20000000000001@lid': { token: Buffer.from([7]), timestamp: '200', senderTimestamp: 150 },
      '15550100009@s.whatsapp.net': { token: Buffer.from([7]), timestamp: '200' },
      __index: { token: Buffer.from('["20000000000001@lid","15550100009@s.whatsapp.net"]') },
    });
  });

  test('tokens that are not newer than ours are left alone, the list of known ones grows', async () => {
    const known = {
      '20000000000001@lid': { token: Buffer.from([1]), timestamp: '200' },
      __index: { token: Buffer.from('["20000000000001@lid","20000000000005@lid"]') },
    };
    expect((await taught([{ id: friend, ...token }], known)).tokens).toBeUndefined();
    const { tokens } = await taught([{ id: friend, ...token, tcTokenTimestamp: 201 }], known);
    expect(tokens).toMatchObject({
      '20000000000001@lid': { timestamp: '201' },
      __index: { token: Buffer.from('["20000000000001@lid","20000000000005@lid"]') },
    });
  });

  test('a failure there does not fail the chunk', async () => {
    const socket = { authState: { keys: {} }, signalRepository: { lidMapping: {} } } as unknown as Socket;
    const history = queue(baileys, socket);
    history.announce('N1', notification(1, { conversations: [{ id: friend, ...token }] }));
    await history.idle();
    expect(sink.chunks.get('N1')?.stored).toBe(true);
    expect(logged).toEqual(['addresses or tokens of a history part could not be kept']);
  });
});
