import { Curve, WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { type Client, closeCode, connect, isOpen, memoryStore, pair } from '../client.ts';
import { useStrictCurve } from '../strict-curve.ts';
import { tinyPlan, tinyWorld } from '../tiny-world.ts';

let simulator: Simulator;
let client: Client | undefined;

async function post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${simulator.document.media_origin}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

beforeEach(async () => {
  useStrictCurve();
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
});

afterEach(async () => {
  await client?.close();
  await simulator.stop();
});

describe('pairing', () => {
  it('by QR code links a real client, every signature checked', async () => {
    client = await pair(simulator);
    await client.until(isOpen);
    expect(simulator.counters()).toMatchObject({ logins: 1 });
  });

  it('gives the client its addresses, and the server its device', async () => {
    client = await pair(simulator);
    await client.until(isOpen);
    expect(client.socket.user).toMatchObject({ id: '15550100000:1@s.whatsapp.net', lid: '20000000000000:1@lid' });
    expect(simulator.devices()).toMatchObject([{ jid: '15550100000:1@s.whatsapp.net', connected: true }]);
    expect(simulator.counters()).toMatchObject({ unanswered: 0, connections: 2, logins: 1 });
  });

  it('is refused by a client that checks signatures and knows another root', async () => {
    const other = await startSimulator({ world: tinyWorld(), plan: tinyPlan, seed: 2 });
    const root = WA_CERT_DETAILS.PUBLIC_KEY;
    client = connect(simulator, memoryStore());
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(other.document.noise_root, 'hex');
    expect(await closeCode(client)).toBe(400);
    WA_CERT_DETAILS.PUBLIC_KEY = root;
    await other.stop();
  });

  it('works over HTTP too, and a code is valid only once', async () => {
    client = connect(simulator, memoryStore());
    const { qr } = await client.until((update) => update.qr !== undefined);
    const closed = closeCode(client);
    expect(await post('/simulator/scan', { qr })).toEqual({
      status: 200,
      body: { jid: '15550100000:1@s.whatsapp.net' },
    });
    expect(await closed).toBe(515);
    expect((await post('/simulator/scan', { qr })).status).toBe(404);
  });

  it('is refused for codes that no client shows, or with changed keys', async () => {
    client = connect(simulator, memoryStore());
    const { qr } = await client.until((update) => update.qr !== undefined);
    const parts = (qr as string).split(',');
    const key = Buffer.from(Curve.generateKeyPair().public).toString('base64');
    const otherNoise = [parts[0], key, ...parts.slice(2)].join(',');
    const otherIdentity = [parts[0], parts[1], key, ...parts.slice(3)].join(',');
    expect((await post('/simulator/scan', { qr: 'nonsense' })).status).toBe(404);
    expect((await post('/simulator/scan', { qr: otherNoise })).status).toBe(400);
    expect((await post('/simulator/scan', { qr: otherIdentity })).status).toBe(400);
    expect((await post('/simulator/scan', {})).status).toBe(400);
    expect(simulator.devices()).toEqual([]);
  });

  it('fails when the secret in the code is not the client’s', async () => {
    client = connect(simulator, memoryStore());
    const { qr } = await client.until((update) => update.qr !== undefined);
    const parts = (qr as string).split(',');
    parts[3] = Buffer.alloc(32).toString('base64');
    expect((await post('/simulator/scan', { qr: parts.join(',') })).status).toBe(409);
    expect(simulator.devices()).toEqual([]);
  });

  it('gives each device a number of its own, never used again', async () => {
    const numbers = () => simulator.devices().map(({ jid }) => jid.split(/[:@]/)[1]);
    for (let count = 0; count < 2; count++) simulator.credentials();
    expect(numbers()).toEqual(['1', '2']);
    simulator.unlink('15550100000:1@s.whatsapp.net');
    simulator.credentials();
    expect(numbers()).toEqual(['2', '3']);
  });
});
