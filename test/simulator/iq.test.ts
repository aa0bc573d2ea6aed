import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Client, closeCode, connect, isOpen, memoryStore, type Store } from './client.ts';
import { both, group, lidOnly, pnOnly, tinyPlan, tinyWorld } from './tiny-world.ts';

const pn = both.pn as string;

let simulator: Simulator;
let store: Store;
let client: Client;

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  store = memoryStore(simulator.credentials());
  client = connect(simulator, store);
  await client.until(isOpen);
});

afterEach(async () => {
  await client.close();
  await simulator.stop();
});

describe('requests of a real client', () => {
  it('report who is on WhatsApp', async () => {
    expect(await client.socket.onWhatsApp(pn, '15550109999')).toEqual([{ jid: pn, exists: true }]);
  });

  it('report the LID of a number, where there is one', async () => {
    const mapping = client.socket.signalRepository.lidMapping;
    expect(await mapping.getLIDForPN(pn)).toContain((both.lid as string).split('@')[0]);
    expect(await mapping.getLIDForPN(pnOnly.pn as string)).toBeNull();
  });

  it('report groups: subject, members under both addresses, addressing mode', async () => {
    const metadata = await client.socket.groupMetadata(group);
    expect(metadata).toMatchObject({ id: group, subject: 'chat 001@g.us', addressingMode: 'lid' });
    expect(metadata.participants.map(({ id, phoneNumber }) => [id, phoneNumber])).toEqual([
      [both.lid, pn],
      [lidOnly.lid, undefined],
    ]);
    expect(Object.keys(await client.socket.groupFetchAllParticipating())).toEqual([group]);
    await expect(client.socket.groupMetadata('120363999999999999@g.us')).rejects.toMatchObject({ data: 404 });
  });

  it('report no pictures', async () => {
    await expect(client.socket.profilePictureUrl(pn)).rejects.toMatchObject({ data: 404 });
  });

  it('give the media server as the host for uploads', async () => {
    const { hosts } = await client.socket.refreshMediaConn(true);
    expect(hosts.map(({ hostname }) => hostname)).toEqual([new URL(simulator.url).host]);
  });

  it('renew the signed key that others start sessions with', async () => {
    await client.socket.rotateSignedPreKey();
    expect(store.creds.signedPreKey.keyId).toBe(2);
    await simulator.idle();
    const id = await simulator.sendText('after the rotation', { from: pn });
    const message = await client.message(({ key }) => key.id === id);
    expect(message.message?.conversation).toBe('after the rotation');
  });

  it('are refused for the keys of strangers', async () => {
    const request = {
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'encrypt' },
      content: [{ tag: 'key', attrs: {}, content: [{ tag: 'user', attrs: { jid: '15550109999@s.whatsapp.net' } }] }],
    };
    const reply = await client.socket.query(request);
    expect(JSON.stringify(reply)).toContain('item-not-found');
  });
});

describe('unlinking', () => {
  it('by the client itself leaves no device', async () => {
    await client.socket.logout();
    await simulator.next('disconnected', ({ device }) => device !== null);
    expect(simulator.devices()).toEqual([]);
  });

  it('by the phone ends the session, and every later login', async () => {
    simulator.unlink(store.creds.me?.id as string);
    expect(await closeCode(client)).toBe(401);
    client = connect(simulator, store);
    expect(await closeCode(client)).toBe(401);
    expect(() => simulator.unlink('15550100000:9@s.whatsapp.net')).toThrow('no such device');
  });
});
