import { downloadAndProcessHistorySyncNotification, getHistoryMsg, type proto } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DropPoint } from '../../../src/simulator/faults/faults.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { type Client, closeCode, connect, isOpen, memoryStore, type Store, toOrigin } from '../client.ts';
import { both, group, tinyPlan, tinyWorld } from '../tiny-world.ts';

let simulator: Simulator;
let store: Store;
let client: Client;

function chunkOf(message: proto.IMessage | null | undefined): proto.Message.IHistorySyncNotification | undefined {
  return (message && getHistoryMsg(message)) ?? undefined;
}

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan });
  store = memoryStore(simulator.credentials());
});

afterEach(async () => {
  await client.close();
  await simulator.stop();
});

describe('faults', () => {
  it.each([401, 403, 405, 503])('refuse a login with %i, once', async (code) => {
    simulator.fail.login(code);
    client = connect(simulator, store);
    expect(await closeCode(client)).toBe(code);
    client = connect(simulator, store);
    await client.until(isOpen);
  });

  it.each([401, 403, 405, 408, 428, 440, 503, 515] as const)('end a stream with %i', async (code) => {
    client = connect(simulator, store);
    await client.until(isOpen);
    simulator.fail.stream(code);
    expect(await closeCode(client)).toBe(code);
  });

  it.each<DropPoint>(['hello', 'login', 'active', 'history_sent', 'receipt'])(
    'cut the line at %s, and the next connection gets through',
    async (point) => {
      simulator.fail.drop(point);
      client = connect(simulator, store);
      expect(await closeCode(client)).toBe(428);
      client = connect(simulator, store);
      await client.until(isOpen);
      await simulator.idle();
      expect(simulator.counters().historyNotifications).toBe(4);
    },
  );

  it('cut the line after the planned number of occurrences', async () => {
    simulator.fail.drop('history_sent', 2);
    const sent: number[] = [];
    simulator.on('history_sent', ({ chunkOrder }) => sent.push(chunkOrder));
    client = connect(simulator, store);
    await closeCode(client);
    expect(sent.length).toBeGreaterThanOrEqual(3);
  });

  it('withhold a blob the planned number of times; then it can be fetched', async () => {
    simulator.fail.media(1, 404);
    const missed = simulator.next('media_get', ({ status }) => status === 404);
    client = connect(simulator, store);
    await missed;
    const announcement = async (chunkOrder: number) => {
      const found = await client.message(({ message }) => chunkOf(message)?.chunkOrder === chunkOrder);
      return chunkOf(found.message) as proto.Message.IHistorySyncNotification;
    };
    const options = { dispatcher: toOrigin(simulator.document.media_origin) } as never;
    for (const order of [2, 3]) {
      const chunk = await downloadAndProcessHistorySyncNotification(await announcement(order), options);
      expect(chunk.messages).toHaveLength(3);
    }
  });

  // Baileys crashes here because its download has no error listener. So the test fetches the file itself.
  it('interrupt a blob in the middle', async () => {
    client = connect(simulator, store, { shouldSyncHistoryMessage: () => false });
    const found = await client.message(({ message }) => chunkOf(message)?.chunkOrder === 2);
    const url = `${simulator.document.media_origin}${chunkOf(found.message)?.directPath}`;
    simulator.fail.drop('media_get');
    await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow('terminated');
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBeGreaterThan(0);
  });

  it('leave a blob half sent', async () => {
    client = connect(simulator, store, { shouldSyncHistoryMessage: () => false });
    const found = await client.message(({ message }) => chunkOf(message)?.chunkOrder === 2);
    simulator.fail.stall();
    const half = simulator.next('media_half');
    const abort = new AbortController();
    const response = await fetch(`${simulator.document.media_origin}${chunkOf(found.message)?.directPath}`, abort);
    const length = Number(response.headers.get('content-length'));
    const first = await response.body?.getReader().read();
    await half;
    expect(first?.value?.length).toBe(length >> 1);
    abort.abort();
  });

  it('cut the line at any stanza, and the next connection gets through', async () => {
    for (const skip of [0, 3, 11]) {
      simulator.fail.cut(skip);
      client = connect(simulator, store);
      expect(await closeCode(client)).toBe(428);
    }
    client = connect(simulator, store);
    await client.until(isOpen);
    await simulator.idle();
  });

  it('silence a connection that stays open', async () => {
    client = connect(simulator, store);
    await client.until(isOpen);
    simulator.fail.mute();
    const ping = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' }, content: [] };
    await expect(client.socket.query(ping, 200)).rejects.toThrow('Timed Out');
    expect(client.socket.ws.isOpen).toBe(true);
  });

  it('send a file slowly', async () => {
    client = connect(simulator, store, { shouldSyncHistoryMessage: () => false });
    const found = await client.message(({ message }) => chunkOf(message)?.chunkOrder === 2);
    const url = `${simulator.document.media_origin}${chunkOf(found.message)?.directPath}`;
    simulator.fail.slow(100);
    const from = performance.now();
    const whole = await (await fetch(url)).arrayBuffer();
    expect(performance.now() - from).toBeGreaterThan(90);
    expect(await (await fetch(url)).arrayBuffer()).toEqual(whole);
  });

  it.each(['missing', 'corrupt'] as const)('announce a file that is %s, permanently', async (fault) => {
    simulator.fail.history(fault, { skip: 2 });
    client = connect(simulator, store, { shouldSyncHistoryMessage: () => false });
    const found = await client.message(({ message }) => chunkOf(message)?.chunkOrder === 2);
    const notification = chunkOf(found.message) as proto.Message.IHistorySyncNotification;
    const options = { dispatcher: toOrigin(simulator.document.media_origin) } as never;
    for (let time = 0; time < 2; time++) {
      await expect(downloadAndProcessHistorySyncNotification(notification, options)).rejects.toThrow(
        fault === 'missing' ? 'Failed to fetch' : /incorrect|invalid|unexpected/,
      );
    }
  });

  it('switch the phone off, and on again', async () => {
    simulator.fail.phone('silent');
    client = connect(simulator, store);
    await client.until(isOpen);
    expect(simulator.counters().historyNotifications).toBe(0);
    simulator.fail.phone('awake');
    await simulator.next('history_sent', ({ done }) => done);
    expect(simulator.counters().historyNotifications).toBe(4);
  });

  it('withhold the key of the settings', async () => {
    simulator.fail.appStateKey();
    client = connect(simulator, store);
    await client.until(isOpen);
    await simulator.idle();
    expect(store.creds.myAppStateKeyId).toBeUndefined();
  });

  it('damage a group message, and send it again on request', async () => {
    client = connect(simulator, store);
    await client.until(isOpen);
    await simulator.idle();
    simulator.fail.damage();
    const resent = simulator.next('resent');
    const id = await simulator.sendText('again', { from: both.lid ?? '', chat: group });
    expect((await resent).id).toBe(id);
    const heard = await client.message(({ message }) => message?.conversation === 'again');
    expect(heard.key).toMatchObject({ id, remoteJid: group });
  });

  it('are counted by the minute when a client requests too often', async () => {
    client = connect(simulator, store);
    await client.until(isOpen);
    for (let time = 0; time < 5; time++) await client.socket.fetchPrivacySettings(true);
    const { iq, peakPerMinute } = simulator.counters();
    expect(peakPerMinute['privacy/get/privacy']).toBeGreaterThanOrEqual(5);
    expect(peakPerMinute).toEqual({ ...iq, connect: 1 });
  });

  it('answer a request with an error, or not at all', async () => {
    simulator.fail.iq('privacy/get/privacy', 503);
    simulator.fail.iq('w:p/get/ping', 0);
    client = connect(simulator, store, { fireInitQueries: false });
    await client.until(isOpen);
    await expect(client.socket.fetchPrivacySettings(true)).rejects.toMatchObject({ data: 503 });
    const ping = {
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' },
      content: [{ tag: 'ping', attrs: {} }],
    };
    await expect(client.socket.query(ping, 200)).rejects.toThrow('Timed Out');
    expect((await client.socket.query({ ...ping, attrs: { ...ping.attrs, id: 'second' } }, 5000)).attrs['type']).toBe(
      'result',
    );
  });
});

describe('strict mode', () => {
  it('fails when a client sent a request without a handler', async () => {
    const strict = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
    client = connect(strict, memoryStore(strict.credentials()));
    await client.until(isOpen);
    const unanswered = strict.next('unanswered_iq');
    const request = {
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:new' },
      content: [{ tag: 'thing', attrs: {} }],
    };
    await expect(client.socket.query(request)).rejects.toMatchObject({ data: 501 });
    expect(await unanswered).toMatchObject({ kind: 'w:new/get/thing' });
    expect(strict.counters().unanswered).toBe(1);
    await client.close();
    await expect(strict.stop()).rejects.toThrow('w:new/get/thing');
  });
});
