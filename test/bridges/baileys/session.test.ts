import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../src/stdout.ts';
import type { Bridge } from '../../../bridges/bridge.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { tinyPlan, tinyWorld } from '../../simulator/tiny-world.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from './rig.ts';

let simulator: Simulator;
let folder: { path: string; remove(): void };
let rig: Rig;
const bridges: Bridge[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  folder = temporaryFolder();
  rig = rigOn(folder.path, simulator);
  bridges.push(rig.bridge);
});
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  await simulator.stop();
  folder.remove();
});

describe('pairing', () => {
  test('a scanned QR code leads from unlinked through syncing to ready, with the whole history', async () => {
    const { bridge, sink } = rig;
    expect(bridge.status()).toMatchObject({ state: 'unlinked', linked: false, connected: false, jid: null });
    const offer = await bridge.handlers['connection.pair']?.({ method: 'qr' });
    expect(offer).toMatchObject({ state: 'pairing', flow_id: expect.any(String), qr: expect.stringContaining(',') });
    expect(Date.parse(offer?.expires_at ?? '') - Date.now()).toBeGreaterThan(50_000);
    await simulator.scan(offer?.qr ?? '');
    await sink.complete();
    const status = await bridge.waitFor(['ready'], 10_000);
    expect(status).toMatchObject({
      state: 'ready',
      linked: true,
      connected: true,
      jid: simulator.world.me.pn,
      lid: simulator.world.me.lid,
    });
    expect(sink.account).toEqual({ jid: simulator.world.me.pn, lid: simulator.world.me.lid });
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
  });
});
