import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import type { BaileysDeps } from '../../../../bridges/baileys/baileys.ts';
import type { Bridge } from '../../../../bridges/bridge.ts';
import { AppError } from '../../../../src/domain/errors.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { RecordingSink } from '../rig/recording-sink.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

let simulator: Simulator;
let folder: { path: string; remove(): void };
const bridges: Bridge[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  folder = temporaryFolder();
});
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  await simulator.stop();
  folder.remove();
});

function open(overrides: Partial<BaileysDeps> = {}, against: Simulator | null = simulator): Rig {
  const rig = rigOn(folder.path, against, overrides);
  bridges.push(rig.bridge);
  return rig;
}

/** A bridge whose device is linked and connected, with its history stored. */
async function ready(): Promise<Rig> {
  seedCredentials(folder.path, simulator.credentials());
  const rig = open();
  await rig.bridge.connect();
  await rig.sink.complete();
  await rig.bridge.waitFor(['ready'], 10_000);
  return rig;
}

const pair = (rig: Rig) => {
  const handler = rig.bridge.handlers['connection.pair'];
  if (!handler) throw new Error('no handler');
  return handler({ method: 'qr' });
};

const storedCredentials = (rig: Rig): string | undefined => {
  const keys = rig.keys();
  const value = keys.get('creds', ['self']).get('self');
  keys.close();
  return value;
};

describe('pairing', () => {
  test('a scanned QR code leads from unlinked through syncing to ready, with the whole history', async () => {
    const { bridge, sink } = open();
    expect(bridge.status()).toMatchObject({ state: 'unlinked', linked: false, connected: false, jid: null });
    const offer = await pair({ bridge } as Rig);
    expect(offer).toMatchObject({ state: 'pairing', flow_id: expect.any(String), qr: expect.stringContaining(',') });
    expect(Date.parse(offer.expires_at ?? '') - Date.now()).toBeGreaterThan(50_000);
    await simulator.scan(offer.qr ?? '');
    await sink.complete();
    const { pn, lid } = simulator.world.me;
    const linked = { linked: true, connected: true, jid: pn, lid };
    expect(await bridge.waitFor(['ready'], 10_000)).toMatchObject({ state: 'ready', ...linked });
    expect(sink.account).toEqual({ jid: pn, lid });
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
    expect(await bridge.handlers['connection.pairing_status']?.({})).toEqual({ state: 'ready', message: null });
    expect(await pair({ bridge } as Rig)).toEqual({ state: 'ready', message: 'A phone is linked already.' });
  });

  test('two starts at once and a third later are one pairing', async () => {
    const rig = open();
    const [first, second] = await Promise.all([pair(rig), pair(rig)]);
    const third = await pair(rig);
    expect(second).toEqual(first);
    expect(third.flow_id).toBe(first.flow_id);
    expect(simulator.counters().connections).toBe(1);
  });

  test('a cancelled pairing leaves no credentials, frees the device and can be started again', async () => {
    const rig = open();
    const first = await pair(rig);
    expect(await rig.bridge.handlers['connection.cancel_pairing']?.({})).toEqual({ state: 'unlinked' });
    expect(rig.bridge.status()).toMatchObject({ state: 'unlinked', linked: false });
    expect(storedCredentials(rig)).toBeUndefined();
    const again = await pair(open());
    expect(again.flow_id).not.toBe(first.flow_id);
    expect(again.qr).not.toBe(first.qr);
  });

  test('a line that breaks before the scan ends the pairing with a reason', async () => {
    const rig = open();
    await pair(rig);
    await simulator.stop();
    const status = await rig.bridge.waitFor(['unlinked'], 5_000);
    expect(status).toMatchObject({ state: 'unlinked', message: expect.stringContaining('Start the pairing again') });
    expect(await rig.bridge.handlers['connection.pairing_status']?.({})).not.toHaveProperty('qr');
    simulator = await startSimulator({ world: tinyWorld() });
  });

  test('a phone of another account is refused and nothing of it is kept', async () => {
    const rig = open();
    rig.sink.owner = '15550100099@s.whatsapp.net';
    rig.sink.mismatch = () => new AppError('account_mismatch', 'Another account.');
    const offer = await pair(rig);
    const scan = simulator.scan(offer.qr ?? '').catch(() => 'not accepted');
    const status = await rig.bridge.waitFor(['unlinked'], 5_000);
    expect(status).toMatchObject({ state: 'unlinked', linked: false, message: 'Another account.' });
    expect(storedCredentials(rig)).toBeUndefined();
    expect(rig.sink.messages.size).toBe(0);
    await simulator.stop();
    await Promise.race([scan, Promise.resolve()]);
    simulator = await startSimulator({ world: tinyWorld() });
  });

  test('without WhatsApp in reach it fails as unavailable and leaves the device free', async () => {
    const { document } = simulator;
    await simulator.stop();
    const rig = open({}, { document } as Simulator);
    await expect(pair(rig)).rejects.toMatchObject({ code: 'bridge_unavailable' });
    expect(rig.bridge.status().state).toBe('unlinked');
    simulator = await startSimulator({ world: tinyWorld() });
    expect((await pair(open())).state).toBe('pairing');
  });
});

describe('a linked device', () => {
  test('connects with its credentials alone, once however often it is asked', async () => {
    const { bridge, sink } = await ready();
    await Promise.all([bridge.connect(), bridge.connect()]);
    await bridge.connect();
    expect(bridge.status()).toMatchObject({ state: 'ready', linked: true, connected: true, message: null });
    expect(simulator.counters().connections).toBe(1);
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
  });

  test('is linked but not connected before anybody needs it', async () => {
    seedCredentials(folder.path, simulator.credentials());
    const { bridge } = open();
    expect(bridge.status()).toMatchObject({ state: 'down', linked: true, connected: false });
    expect(bridge.status().message).toContain('Not connected yet');
    expect(simulator.counters().connections).toBe(0);
  });

  test('that was linked in another process is noticed at the next connect', async () => {
    const { bridge, sink } = open();
    await bridge.connect();
    expect(bridge.status().state).toBe('unlinked');
    seedCredentials(folder.path, simulator.credentials());
    expect(bridge.status().linked).toBe(true);
    await bridge.connect();
    await sink.complete();
    expect((await bridge.waitFor(['ready'], 5_000)).state).toBe('ready');
  });

  test.each([428, 503, 515] as const)('comes back by itself after %i and receives again', async (code) => {
    const { bridge, sink } = await ready();
    const active = simulator.next('active');
    simulator.fail.stream(code);
    await active;
    expect((await bridge.waitFor(['ready'], 5_000)).state).toBe('ready');
    const id = await simulator.sendText('after it', { from: '15550100001@s.whatsapp.net' });
    await sink.until(() => sink.find(id) !== undefined);
    expect(sink.find(id)).toMatchObject({ content: 'after it', fromMe: false });
    expect(simulator.counters().connections).toBe(2);
  });

  test('does not fight for its session when another program has taken it over', async () => {
    const { bridge } = await ready();
    simulator.fail.stream(440);
    expect(await bridge.waitFor(['replaced'], 5_000)).toMatchObject({ state: 'replaced', linked: true });
    await bridge.connect();
    await bridge.connect();
    expect(bridge.status()).toMatchObject({ state: 'replaced', connected: false });
    expect(simulator.counters().connections).toBe(1);
  });

  test('forgets its credentials, but no message, when the phone removed it', async () => {
    const rig = await ready();
    simulator.fail.stream(401);
    expect(await rig.bridge.waitFor(['logged_out'], 5_000)).toMatchObject({ linked: false, connected: false });
    expect(rig.sink.account).toBeUndefined(); // so that another bridge may import the history
    expect(storedCredentials(rig)).toBeUndefined();
    expect(rig.sink.messages.size).toBe(simulator.world.figures.messages);
    await rig.bridge.connect();
    expect(rig.bridge.status().state).toBe('logged_out');
    await expect(rig.bridge.handlers['history.full']?.({})).rejects.toMatchObject({ code: 'not_linked' });
    const offer = await pair(rig);
    expect(offer.state).toBe('pairing');
  });

  test.each([
    [403, 'restricted'],
    [405, 'outdated'],
  ] as const)('stops at a login refused with %i, keeping its credentials', async (code, state) => {
    seedCredentials(folder.path, simulator.credentials());
    const rig = open();
    simulator.fail.login(code);
    await rig.bridge.connect();
    expect(await rig.bridge.waitFor([state], 5_000)).toMatchObject({ state, linked: true });
    await rig.bridge.connect();
    expect(simulator.counters().connections).toBe(1);
    expect(storedCredentials(rig)).toBeDefined();
  });

  test('keeps trying while WhatsApp cannot be reached, and says so', async () => {
    seedCredentials(folder.path, simulator.credentials());
    const { document } = simulator;
    await simulator.stop();
    const { bridge, sink } = open({}, { document } as Simulator);
    await bridge.connect();
    const status = await bridge.waitFor(['down'], 10_000);
    expect(sink.logins).toBe(1); // reported to the store once, not at every failed attempt
    expect(status).toMatchObject({ state: 'down', linked: true, connected: false });
    expect(status.message).toContain('Trying again');
    simulator = await startSimulator({ world: tinyWorld() });
  });
});

describe('one owner', () => {
  test('a second bridge on the same data says who is connected and takes over when that one ends', async () => {
    const first = await ready();
    const second = open({ sink: new RecordingSink() });
    await second.bridge.connect();
    const waiting = second.bridge.status();
    expect(waiting).toMatchObject({ state: 'down', linked: true, connected: false });
    expect(waiting.message).toContain(`Process ${process.pid} `);
    expect(simulator.counters().connections).toBe(1);
    await first.bridge.close();
    const status = await second.bridge.waitFor(['ready', 'syncing'], 10_000);
    expect(status.connected).toBe(true);
  });

  test('a bridge that waits for the owner cannot start a pairing', async () => {
    await pair(open());
    await expect(pair(open({ sink: new RecordingSink() }))).rejects.toMatchObject({ code: 'bridge_unavailable' });
  });
});

describe('two worlds', () => {
  test('credentials of the real WhatsApp never go to a simulated one', async () => {
    seedCredentials(folder.path, simulator.credentials(), false);
    const { bridge } = open();
    await bridge.connect();
    expect(bridge.status()).toMatchObject({ state: 'down', linked: true, connected: false });
    await expect(bridge.handlers['history.full']?.({})).rejects.toMatchObject({ code: 'account_mismatch' });
    await expect(pair({ bridge } as Rig)).rejects.toMatchObject({ code: 'account_mismatch' });
    expect(simulator.counters().connections).toBe(0);
  });

  test('simulated credentials never go to the real WhatsApp', async () => {
    seedCredentials(folder.path, simulator.credentials());
    const { bridge } = open({}, null);
    await bridge.connect();
    expect(bridge.status()).toMatchObject({ state: 'down', linked: true, connected: false });
    expect(bridge.status().message).toContain('simulated');
    await expect(bridge.handlers['history.full']?.({})).rejects.toMatchObject({ code: 'account_mismatch' });
  });

  test('a simulated WhatsApp on another machine is refused', async () => {
    const document = { ...simulator.document, socket_url: 'ws://198.51.100.7/ws' };
    const { bridge } = open({}, { document } as Simulator);
    await expect(pair({ bridge } as Rig)).rejects.toMatchObject({ code: 'not_permitted' });
    expect(bridge.status().state).toBe('unlinked');
  });
});

test('a store that cannot be opened is a state, not an exception', async () => {
  const rig = open({
    openKeys: () => {
      throw new Error('unable to open database file');
    },
  });
  expect(rig.bridge.status()).toMatchObject({
    state: 'down',
    linked: false,
    message: expect.stringContaining('store'),
  });
  await rig.bridge.connect();
  expect(rig.bridge.status().state).toBe('down');
});

test('close ends everything: no connection, no lock, and it stays so', async () => {
  const { bridge } = await ready();
  await bridge.close();
  await bridge.connect();
  expect(bridge.status()).toMatchObject({ state: 'down', linked: false, connected: false });
  expect(simulator.counters().connections).toBe(1);
  const next = open();
  await next.bridge.connect();
  expect((await next.bridge.waitFor(['ready', 'syncing'], 5_000)).connected).toBe(true);
});
