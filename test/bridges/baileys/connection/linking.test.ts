import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import type { BaileysDeps } from '../../../../bridges/baileys/baileys.ts';
import type { Bridge } from '../../../../bridges/bridge.ts';
import type { Handlers } from '../../../../bridges/operations/catalog.ts';
import { dataPaths } from '../../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { openStaging, type Staging } from '../../../../src/store/staging/staging.ts';
import { createIngest } from '../../../../src/sync/ingest.ts';
import { tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

const phone = '+1 555 010-0000';
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

function open(overrides: Partial<BaileysDeps> = {}): Rig {
  const rig = rigOn(folder.path, simulator, overrides);
  bridges.push(rig.bridge);
  return rig;
}

const handler = <K extends keyof Handlers>({ bridge }: Pick<Rig, 'bridge'>, name: K) =>
  bridge.handlers[name] as Handlers[K];
const byCode = (rig: Rig, number = phone) => handler(rig, 'connection.pair')({ method: 'code', phone: number });
const byQr = (rig: Rig) => handler(rig, 'connection.pair')({ method: 'qr' });
const statusOf = (rig: Rig) => handler(rig, 'connection.pairing_status')({});
const logout = (rig: Rig) => handler(rig, 'connection.logout')({});

/** Plays the phone; resolves to the HTTP status. */
async function onPhone(body: Record<string, unknown>): Promise<number> {
  return (await fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify(body) })).status;
}

function storedCredentials(rig: Rig): string | undefined {
  const keys = rig.keys();
  const value = keys.get('creds', ['self']).get('self');
  keys.close();
  return value;
}

describe('pairing by code', () => {
  test('a code typed into the phone leads to ready, with the whole history', async () => {
    const rig = open();
    const offer = await byCode(rig);
    expect(offer).toMatchObject({ state: 'pairing', code: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) });
    expect(offer).not.toHaveProperty('qr');
    expect(offer.message).toContain('Link with phone number');
    expect(offer.seconds_left).toBeGreaterThan(150);
    expect(await statusOf(rig)).toMatchObject({ code: offer.code });
    expect(await onPhone({ code: offer.code, phone })).toBe(200);
    await rig.sink.complete();
    const { pn, lid } = simulator.world.me;
    expect(await rig.bridge.waitFor(['ready'], 10_000)).toMatchObject({ linked: true, jid: pn, lid });
    expect(rig.sink.messages.size).toBe(simulator.world.figures.messages);
    expect(simulator.counters()).toMatchObject({ unanswered: 0, connections: 2 });
  });

  test('who changes from QR to code and back stays in one pairing, on one connection', async () => {
    const rig = open();
    const qr = await byQr(rig);
    const code = await byCode(rig);
    const again = await byCode(rig);
    expect(code).toMatchObject({ flow_id: qr.flow_id, code: expect.any(String) });
    expect(again.code).toBe(code.code);
    expect(await byQr(rig)).toMatchObject({ flow_id: qr.flow_id, qr: qr.qr });
    expect(simulator.counters()).toMatchObject({ connections: 1, iq: { 'md/set/link_code_companion_reg': 1 } });
  });

  test.each([
    [404, 'upstream_rejected'],
    [429, 'rate_limited'],
  ])('a number that WhatsApp refuses with %i ends the pairing with that word', async (status, code) => {
    simulator.fail.iq('md/set/link_code_companion_reg', status);
    const rig = open();
    await expect(byCode(rig)).rejects.toMatchObject({ code });
    expect(rig.bridge.status()).toMatchObject({ state: 'unlinked', linked: false });
    expect(storedCredentials(rig)).toBeUndefined();
    expect(await byCode(rig)).toMatchObject({ state: 'pairing', code: expect.any(String) });
  });
});

describe('an account that asks for a passkey', () => {
  test.each(['code', 'qr'] as const)('is not linked by %s, and the status says needs_passkey', async (method) => {
    const rig = open();
    const offer = method === 'qr' ? await byQr(rig) : await byCode(rig);
    const shown = method === 'qr' ? { qr: offer.qr } : { code: offer.code, phone };
    expect(await onPhone({ ...shown, passkey: true })).toBe(403);
    await rig.bridge.waitFor(['unlinked'], 5_000);
    await expect(statusOf(rig)).rejects.toMatchObject({ code: 'needs_passkey' });
    expect(storedCredentials(rig)).toBeUndefined();
    expect(await byQr(rig)).toMatchObject({ state: 'pairing' });
    expect(await statusOf(rig)).toMatchObject({ state: 'pairing' });
  });
});

describe('logout', () => {
  async function ready(): Promise<Rig> {
    seedCredentials(folder.path, simulator.credentials());
    const rig = open();
    await rig.bridge.connect();
    await rig.sink.complete();
    await rig.bridge.waitFor(['ready'], 10_000);
    return rig;
  }

  test('removes the device from the account and its keys from the disk, and keeps the messages', async () => {
    const rig = await ready();
    expect(await logout(rig)).toEqual({ state: 'unlinked', was_linked: true });
    expect(simulator.devices()).toEqual([]);
    expect(storedCredentials(rig)).toBeUndefined();
    expect(rig.sink.messages.size).toBe(simulator.world.figures.messages);
    expect(rig.bridge.status()).toMatchObject({ linked: false, message: expect.stringContaining('logged out') });
    expect(await logout(rig)).toEqual({ state: 'unlinked', was_linked: false });
    expect(simulator.counters().iq['md/set/remove-companion-device']).toBe(1);
  });

  test('connects a device that is not connected yet, to have it removed', async () => {
    seedCredentials(folder.path, simulator.credentials());
    expect(await logout(open())).toEqual({ state: 'unlinked', was_linked: true });
    expect(simulator.devices()).toEqual([]);
  });

  test('that WhatsApp refuses leaves the device linked and connected', async () => {
    const rig = await ready();
    simulator.fail.iq('md/set/remove-companion-device', 500);
    await expect(logout(rig)).rejects.toMatchObject({ code: 'upstream_rejected' });
    expect(rig.bridge.status()).toMatchObject({ linked: true, connected: true });
    expect(await logout(rig)).toMatchObject({ was_linked: true });
  });

  test('is refused where another process has the connection, naming it', async () => {
    await ready();
    const refused = { code: 'bridge_unavailable', message: expect.stringContaining(`Process ${process.pid} `) };
    await expect(logout(open())).rejects.toMatchObject(refused);
    expect(simulator.devices()).toHaveLength(1);
  });
});

describe('pairing again', () => {
  let staging: Staging;
  beforeEach(() => {
    staging = openStaging(dataPaths(folder.path).staging);
  });
  afterEach(() => staging.close());

  const sink = () => createIngest(staging, { quietMs: 300 });
  const rows = () => staging.db.prepare('SELECT count(*) FROM messages').pluck().get();
  const everything = () =>
    ['meta', 'messages', 'lid_pairs'].map((table) => staging.db.prepare(`SELECT * FROM ${table}`).all());

  /** Links an account for good and logs it out again. */
  async function linkedBefore(): Promise<void> {
    const rig = open({ sink: sink() });
    expect(await onPhone({ qr: (await byQr(rig)).qr })).toBe(200);
    await rig.bridge.waitFor(['ready'], 10_000);
    await logout(rig);
    await rig.bridge.close();
  }

  test('the same account goes on where it ended', async () => {
    await linkedBefore();
    const before = rows();
    expect(before).toBe(simulator.world.figures.messages);
    const rig = open({ sink: sink() });
    expect(await onPhone({ qr: (await byQr(rig)).qr })).toBe(200);
    expect(await rig.bridge.waitFor(['ready'], 10_000)).toMatchObject({ linked: true });
    await simulator.idle();
    expect(rows()).toBe(before);
  });

  test('another account is refused on the wire before anything of it is stored', async () => {
    await linkedBefore();
    const before = everything();
    await simulator.stop();
    const me = { pn: '15550100500@s.whatsapp.net', lid: '20000000000500@lid', name: 'Robin Test' };
    simulator = await startSimulator({ world: { ...tinyWorld(), me }, plan: tinyPlan, strict: true });
    const written: unknown[] = [];
    const rig = open({ sink: sink() });
    const keys = rig.keys();
    const watched = open({
      sink: sink(),
      openKeys: () => ({ ...keys, set: (list) => written.push(...list.filter(({ type }) => type === 'creds')) }),
    });
    const offer = await byQr(watched);
    expect(await onPhone({ qr: offer.qr })).toBe(409); // the phone learns that the client refused
    await watched.bridge.waitFor(['unlinked'], 5_000);
    await expect(statusOf(watched)).rejects.toMatchObject({ code: 'account_mismatch' });
    expect(simulator.devices()).toEqual([]);
    expect(written).toEqual([]);
    expect(storedCredentials(rig)).toBeUndefined();
    expect(everything()).toEqual(before);
  });
});
