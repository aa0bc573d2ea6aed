import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { type Client, closeCode, connect, isOpen, memoryStore } from '../client.ts';
import { useStrictCurve } from '../strict-curve.ts';
import { tinyPlan, tinyWorld } from '../tiny-world.ts';

const phone = '15550100000';
let simulator: Simulator;
let client: Client | undefined;

beforeEach(async () => {
  useStrictCurve();
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
});
afterEach(async () => {
  await client?.close();
  await simulator.stop();
});

async function type(body: Record<string, unknown>): Promise<{ status: number; body: unknown }> {
  const response = await fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

/** A client that shows a code; the promise holds WhatsApp's answer. */
async function showingCode(
  number = phone,
  browser = 'Chrome',
): Promise<{ code: string; answer: Promise<{ attrs: { type?: string } }> }> {
  client = connect(simulator, memoryStore(), { browser: ['Mac OS', browser, '14.4.1'] });
  await client.until((update) => update.qr !== undefined);
  const { socket } = client;
  const answer = new Promise<{ attrs: { type?: string } }>((resolve) => {
    socket.ws.on('CB:iq,type:result,link_code_companion_reg', resolve);
    socket.ws.on('CB:iq,type:error', resolve);
  });
  return { code: await socket.requestPairingCode(number), answer };
}

describe('pairing by code', () => {
  it('links a real client whose code is typed into the phone, in any format', async () => {
    const { code, answer } = await showingCode();
    expect((await answer).attrs.type).toBe('result');
    const closed = closeCode(client as Client);
    const typed = `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`;
    const jid = '15550100000:1@s.whatsapp.net';
    expect(await type({ code: typed, phone: `+${phone}` })).toEqual({ status: 200, body: { jid } });
    expect(await closed).toBe(515);
    const { store } = client as Client;
    client = connect(simulator, store);
    await client.until(isOpen);
    expect(simulator.devices()).toMatchObject([{ jid, connected: true }]);
    expect(simulator.counters().unanswered).toBe(0);
  });

  it('refuses a client whose name is not a browser on a system', async () => {
    const { answer } = await showingCode(phone, 'Desktop');
    expect((await answer).attrs.type).toBe('error');
  });

  it('refuses a wrong code, and the right one still links afterwards', async () => {
    const { code, answer } = await showingCode();
    await answer;
    expect((await type({ code: 'AAAA1111', phone })).status).toBe(400);
    expect(simulator.devices()).toEqual([]);
    expect((await type({ code, phone })).status).toBe(200);
    expect(simulator.devices()).toHaveLength(1);
  });

  it('refuses numbers for which no client waits, and clients that ask for a number without an account', async () => {
    const { code, answer } = await showingCode('15550100077');
    expect((await answer).attrs.type).toBe('error');
    expect((await type({ code, phone: '15550100077' })).status).toBe(404);
    expect((await type({ code, phone })).status).toBe(404);
    expect((await type({ code })).status).toBe(400);
  });

  it('does not wait for a client that has left', async () => {
    const { code, answer } = await showingCode();
    await answer;
    const left = simulator.next('disconnected');
    const typing = type({ code, phone });
    simulator.fail.cut(0);
    await left;
    expect((await typing).status).toBeGreaterThanOrEqual(400);
    expect(simulator.devices()).toEqual([]);
  });

  it('asks for a passkey instead of linking when the account is of that kind', async () => {
    const { code, answer } = await showingCode();
    await answer;
    const { socket } = client as Client;
    const asked = new Promise((resolve) => socket.ws.on('CB:notification,type:passkey_prologue_request', resolve));
    expect((await type({ code, phone, passkey: true })).status).toBe(403);
    expect(await asked).toMatchObject({ content: [{ tag: 'passkey_request_options' }] });
    expect(simulator.devices()).toEqual([]);
  });
});
