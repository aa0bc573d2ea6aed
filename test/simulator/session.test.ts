import type { BinaryNode } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Client, closeCode, connect, isOpen, memoryStore, type Store, textOf } from './client.ts';
import { both, group, tinyPlan, tinyWorld } from './tiny-world.ts';

const pn = both.pn as string;

let simulator: Simulator;
let store: Store;
let client: Client;

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  store = memoryStore(simulator.credentials());
  client = connect(simulator, store);
  await client.historyOf(9);
  await simulator.idle();
});

afterEach(async () => {
  await client.close();
  await simulator.stop();
});

/** Stanzas as received, before the library handles them. */
function stanzas(of: Client): Promise<BinaryNode> {
  return new Promise((resolve) => of.socket.ws.once('CB:message', resolve));
}

function ciphertext(stanza: BinaryNode): unknown {
  return (stanza.content as BinaryNode[])[0]?.content;
}

describe('a session', () => {
  it('answers everything a real client asks after its login', () => {
    const { iq, unanswered } = simulator.counters();
    expect(unanswered).toBe(0);
    expect(Object.keys(iq)).toEqual(
      expect.arrayContaining([
        'encrypt/get/count',
        'encrypt/set/registration',
        'passive/set/active',
        'encrypt/get/digest',
        'abt/get/props',
        'blocklist/get',
        'privacy/get/privacy',
        'w:sync:app:state/set/sync',
      ]),
    );
    expect(store.creds.accountSyncCounter).toBe(1);
  });

  it('continues with the same credentials after the client left', async () => {
    await client.close();
    const id = await simulator.sendText('while you were away', { from: pn });
    client = connect(simulator, store);
    const message = await client.message(({ key }) => key.id === id);
    expect(textOf(message)).toBe('while you were away');
    expect(
      await client.until(({ receivedPendingNotifications }) => receivedPendingNotifications === true),
    ).toBeTruthy();
    await simulator.idle();
    expect(simulator.counters()).toMatchObject({ redelivered: 1, maxConcurrentSessionsPerDevice: 1 });
    expect(client.history).toEqual([]);
  });

  it('delivers unconfirmed stanzas again, with the same ciphertext', async () => {
    simulator.fail.drop('receipt');
    const first = stanzas(client);
    const id = await simulator.sendText('hello', { from: pn });
    expect(await closeCode(client)).toBe(428);
    expect(simulator.devices()[0]?.unconfirmed).toBe(1);
    client = connect(simulator, store);
    const again = await stanzas(client);
    expect(again.attrs).toEqual({ ...(await first).attrs, offline: '0' });
    expect(again.attrs['id']).toBe(id);
    expect(ciphertext(again)).toEqual(ciphertext(await first));
    await simulator.idle();
    expect(simulator.devices()[0]?.unconfirmed).toBe(0);
  });

  it('sends a message again that the client could not decrypt', async () => {
    simulator.fail.damage();
    const resent = simulator.next('resent');
    const id = await simulator.sendText('broken at first', { from: pn });
    expect(await resent).toMatchObject({ id });
    const message = await client.message((one) => one.key.id === id && textOf(one) !== undefined);
    expect(textOf(message)).toBe('broken at first');
    await simulator.idle();
  });

  it('sends again what several senders wrote alternately under both addresses', async () => {
    simulator.fail.damage(3);
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) {
      ids.push(await simulator.sendText(`text ${index}`, { from: pn, addressing: index % 2 ? 'lid' : 'pn' }));
    }
    const texts = await Promise.all(
      ids.map((id) => client.message((one) => one.key.id === id && textOf(one) !== undefined).then(textOf)),
    );
    expect(texts).toEqual(ids.map((_, index) => `text ${index}`));
  });

  it('gives the sender key of a group again to a client that lost it', async () => {
    const first = await simulator.sendText('with the key', { from: pn, chat: group });
    await client.message(({ key }) => key.id === first);
    await simulator.idle();
    for (const key of [...store.rows.keys()]) if (key.startsWith('sender-key ')) store.rows.delete(key);
    const texts: (string | undefined)[] = [];
    for (const text of ['without it', 'and on']) {
      const id = await simulator.sendText(text, { from: pn, chat: group });
      texts.push(textOf(await client.message((one) => one.key.id === id && textOf(one) !== undefined)));
    }
    expect(texts).toEqual(['without it', 'and on']);
    expect(simulator.counters().resent).toBe(1);
  });

  it('is taken over by a second client on the same credentials', async () => {
    const closed = closeCode(client);
    const second = connect(simulator, store);
    expect(await closed).toBe(440);
    await second.until(isOpen);
    expect(simulator.counters().maxConcurrentSessionsPerDevice).toBe(2);
    await second.close();
  });

  it('ends for a client whose key is not the one that was linked', async () => {
    await client.close();
    const stranger = memoryStore(simulator.credentials());
    client = connect(simulator, { ...stranger, creds: { ...stranger.creds, me: store.creds.me } as Store['creds'] });
    expect(await closeCode(client)).toBe(401);
  });

  it('accepts a message of the client; contact and phone decrypt it', async () => {
    const byPhone = simulator.next(
      'received',
      ({ by }) => by.startsWith('15550100000') || by.startsWith('20000000000000'),
    );
    const byContact = simulator.next(
      'received',
      ({ by }) => by.startsWith('15550100001') || by.startsWith('20000000000001'),
    );
    const message = await client.socket.sendMessage(pn, { text: 'a reply' });
    for (const received of [await byPhone, await byContact]) {
      expect(received.id).toBe(message?.key.id);
      expect(received.message.extendedTextMessage?.text).toBe('a reply');
    }
    expect(simulator.counters()).toMatchObject({ unanswered: 0, undecryptable: 0 });
  });

  it('starts a new Signal session for a client that lost its own', async () => {
    const received = simulator.next(
      'received',
      ({ by }) => by.startsWith('20000000000001') || by.startsWith('15550100001'),
    );
    await client.socket.sendMessage(pn, { text: 'a session both sides use' });
    await received;
    await simulator.idle();
    for (const key of [...store.rows.keys()]) if (key.startsWith('session 20000000000001')) store.rows.delete(key);
    const stanza = stanzas(client);
    const id = await simulator.sendText('you cannot read this', { from: pn });
    expect((((await stanza).content as BinaryNode[])[0] as BinaryNode).attrs['type']).toBe('msg');
    const message = await client.message((one) => one.key.id === id && textOf(one) !== undefined);
    expect(textOf(message)).toBe('you cannot read this');
    expect(simulator.counters().resent).toBeGreaterThan(0);
  });
});
