import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import '../../../../src/stdout.ts';
import type { Bridge } from '../../../../bridges/bridge.ts';
import type { Handlers } from '../../../../bridges/operations/catalog.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

const phone = '+1 555 010-0000';
let simulator: Simulator;
let folder: { path: string; remove(): void };
const bridges: Bridge[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true, sendHistory: false });
  folder = temporaryFolder();
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  await simulator.stop();
  folder.remove();
});

function open(against: Simulator = simulator): Rig {
  const rig = rigOn(folder.path, against);
  bridges.push(rig.bridge);
  return rig;
}

const handler = <K extends keyof Handlers>({ bridge }: Rig, name: K) => bridge.handlers[name] as Handlers[K];
const pair = (rig: Rig) => handler(rig, 'connection.pair')({ method: 'qr' });
const view = (rig: Rig) => handler(rig, 'connection.pairing_status')({});

const storedCredentials = (rig: Rig): string | undefined => {
  const keys = rig.keys();
  const value = keys.get('creds', ['self']).get('self');
  keys.close();
  return value;
};

describe('a pairing', () => {
  test('goes on with a new code when the server asks for a new connection before the scan', async () => {
    const rig = open();
    const first = await pair(rig);
    simulator.fail.stream(515);
    await expect.poll(async () => (await view(rig)).qr).not.toBe(first.qr);
    const second = await view(rig);
    expect(second).toMatchObject({ state: 'pairing', flow_id: first.flow_id, qr: expect.stringContaining(',') });
    await simulator.scan(second.qr ?? '');
    expect((await rig.bridge.waitFor(['ready', 'syncing'], 10_000)).linked).toBe(true);
  });

  test('that is cancelled while it waits for its new connection stays cancelled', async () => {
    const rig = open();
    await pair(rig);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); // delays the new connection
    const gone = simulator.next('disconnected');
    simulator.fail.stream(515);
    await gone;
    for (let turn = 0; turn < 50; turn++) await nextTurn();
    expect(await handler(rig, 'connection.cancel_pairing')({})).toEqual({ state: 'unlinked' });
    await vi.advanceTimersByTimeAsync(100);
    vi.useRealTimers();
    expect((await rig.bridge.waitFor(['pairing'], 200)).state).toBe('unlinked');
    expect(simulator.counters().connections).toBe(1);
  });

  test('by a code ends when the server asks for a new connection, for the code is worth nothing there', async () => {
    const rig = open();
    expect(await handler(rig, 'connection.pair')({ method: 'code', phone })).toHaveProperty('code');
    simulator.fail.stream(515);
    expect((await rig.bridge.waitFor(['unlinked'], 5_000)).message).toContain('Start the pairing again');
  });
});

describe('a linked device', () => {
  test('that is refused by something in between keeps its credentials, and tries again', async () => {
    seedCredentials(folder.path, simulator.credentials());
    const statuses = [401, 403, 405, 503];
    let refusals = 0;
    const between = createServer().on('upgrade', (_request, socket) => {
      const status = statuses[refusals++ % statuses.length];
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const socket_url = `ws://127.0.0.1:${(between.address() as AddressInfo).port}/ws/chat`;
    const rig = open({ document: { ...simulator.document, socket_url } } as Simulator);
    await rig.bridge.connect();
    await expect.poll(() => refusals, { timeout: 30_000 }).toBeGreaterThan(statuses.length);
    const state = expect.stringMatching('connecting|down');
    expect(rig.bridge.status()).toMatchObject({ linked: true, connected: false, state });
    expect(storedCredentials(rig)).toBeDefined();
    await rig.bridge.close();
    between.close();
  });
});
