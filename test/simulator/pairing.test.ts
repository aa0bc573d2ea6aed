import { Curve } from '@whiskeysockets/baileys';
import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Client, closeCode, connect, isOpen, memoryStore, pair } from './client.ts';
import { tinyPlan, tinyWorld } from './tiny-world.ts';

let simulator: Simulator;
let client: Client | undefined;

async function start(): Promise<void> {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
}

afterEach(async () => {
  await client?.close();
  await simulator.stop();
});

describe('pairing', () => {
  it('links a real client by QR code in under a second', async () => {
    await start();
    const before = performance.now();
    client = await pair(simulator);
    await client.until(isOpen);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(client.socket.user).toMatchObject({ id: '15550100000:1@s.whatsapp.net', lid: '20000000000000:1@lid' });
    expect(simulator.devices()).toMatchObject([{ jid: '15550100000:1@s.whatsapp.net', connected: true }]);
    expect(simulator.counters()).toMatchObject({ unanswered: 0, connections: 2, logins: 1 });
  });
});
