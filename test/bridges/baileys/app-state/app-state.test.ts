import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import type { BaileysDeps } from '../../../../bridges/baileys/baileys.ts';
import type { Bridge } from '../../../../bridges/bridge.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { both, pnOnly, tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { RecordingSink } from '../rig/recording-sink.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

const pn = both.pn as string;
const other = pnOnly.pn as string;
const kind = 'w:sync:app:state/set/sync';
const world = tinyWorld();
const people = world.people.map((person) => ({ ...person, savedName: `${person.pushName} of the book` }));

let simulator: Simulator;
let folder: { path: string; remove(): void };
const bridges: Bridge[] = [];

beforeEach(async () => {
  simulator = await startSimulator({
    world: { ...world, people },
    plan: tinyPlan,
    strict: true,
    sendHistory: false,
  });
  folder = temporaryFolder();
});
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  await simulator.stop();
  folder.remove();
});

async function connected(overrides: Partial<BaileysDeps> = {}): Promise<Rig> {
  if (simulator.devices().length === 0) seedCredentials(folder.path, simulator.credentials());
  const quick = { settingsKeyWaitMs: 2_000, settingsRetryMs: [20], downloadIdleMs: 100 };
  const rig = rigOn(folder.path, simulator, { ...quick, ...overrides });
  bridges.push(rig.bridge);
  await rig.bridge.connect();
  await rig.bridge.waitFor(['ready', 'syncing'], 10_000);
  return rig;
}

const named = (rig: Rig, jid = pn, name = 'Avery Test of the book') =>
  rig.sink.until(({ contacts }) => contacts.get(jid)?.savedName === name);
const asked = () => simulator.counters().iq[kind] ?? 0;
const lacking = (rig: Rig) => (rig.bridge.status().missingSettings ?? []).map(({ what, reason }) => [what, reason]);
const whole = (rig: Rig) => expect.poll(() => lacking(rig), { timeout: 30_000 }).toEqual([]);
const namesLack = (reason: string) => [['names from the address book', reason]];

/** The phone receives a request for keys and may lack them. */
const keyRequest = () =>
  simulator.next('received', ({ message }) => Boolean(message.protocolMessage?.appStateSyncKeyRequest?.keyIds?.length));

describe('names and chat settings', () => {
  test('are read once per device, groups too, and on a later login only what is new', async () => {
    const rig = await connected();
    await named(rig);
    await named(rig, other, 'Blake Test of the book');
    await expect.poll(() => simulator.counters().iq['w:g2/get/participating']).toBe(1);
    expect(asked()).toBe(1);
    await rig.bridge.close();
    await simulator.settings.name(other, 'Blake renamed');
    const later = await connected();
    await named(later, other, 'Blake renamed');
    expect(later.sink.contacts.has(pn)).toBe(false);
    expect(asked()).toBe(2);
    expect(simulator.counters().iq['w:g2/get/participating']).toBe(1);
    await later.bridge.close();
    const again = await connected();
    await simulator.idle();
    expect(asked()).toBe(2);
    expect(lacking(again)).toEqual([]);
  });

  test('of several kinds in one piece of news are all read', async () => {
    const rig = await connected();
    await named(rig);
    await simulator.settings.modify(pn, { mute: 4_102_444_800_000 }, { pin: true });
    const settings = () => rig.sink.batches.flatMap((batch) => batch.settings ?? []).filter(({ jid }) => jid === pn);
    await rig.sink.until(() => settings().some(({ pinnedAt }) => pinnedAt) && settings().some((s) => s.mutedUntil));
    expect(asked()).toBe(2);
  });

  test('count as read only when the store has them', async () => {
    const sink = new RecordingSink();
    let refusals = 0;
    sink.refuse = (batch) => {
      if (!batch.contacts?.some(({ savedName }) => savedName) || refusals++ > 0) return;
      throw new Error('disk full');
    };
    const rig = await connected({ sink });
    await named(rig);
    expect(refusals).toBeGreaterThan(1);
    await whole(rig);
  });

  test('that WhatsApp had announced before the process ended are read by the next one', async () => {
    const rig = await connected();
    await named(rig);
    simulator.fail.iq(kind, 500, 1);
    const told = simulator.next('acked', ({ by }) => by === 'ack');
    await simulator.settings.name(pn, 'Avery renamed');
    await told;
    await rig.bridge.close();
    await named(await connected(), pn, 'Avery renamed');
  });

  test('are asked for again when WhatsApp refused them', async () => {
    simulator.fail.iq(kind, 500, 2);
    const rig = await connected();
    await named(rig);
    await whole(rig);
    expect(asked()).toBe(3);
  });
});

describe('the key of the settings', () => {
  const impatient = { settingsKeyWaitMs: 40 };

  test('is asked of the phone when its message was lost', async () => {
    simulator.fail.appStateKey();
    const request = keyRequest();
    const rig = await connected(impatient);
    expect((await request).by).toContain('@');
    await named(rig);
    await whole(rig);
  });

  test('is not asked for when the phone shares it by itself', async () => {
    let requests = 0;
    simulator.on('sent', () => requests++);
    const rig = await connected();
    await named(rig);
    expect(requests).toBe(0);
  });

  test('that the phone does not give is a known gap, until a later connection gets it', async () => {
    simulator.fail.appStateKey();
    simulator.fail.keyRequests();
    const first = keyRequest();
    const rig = await connected(impatient);
    await first;
    expect(lacking(rig)).toEqual(namesLack('the phone has not shared the key'));
    expect(asked()).toBe(1);
    await rig.bridge.close();
    const offline = rigOn(folder.path, null);
    expect(lacking(offline)).toEqual(namesLack('the phone has not shared the key'));
    await offline.bridge.close();
    simulator.fail.keyRequests(0);
    const later = await connected(impatient);
    await named(later);
    await whole(later);
  });
});

describe('damage', () => {
  test('in news is healed by reading from the start', async () => {
    const rig = await connected();
    await named(rig);
    simulator.fail.patches(1);
    await simulator.settings.name(other, 'Blake renamed');
    await named(rig, other, 'Blake renamed');
    await whole(rig);
    expect(asked()).toBe(3);
  });

  test('in what WhatsApp keeps is a known gap, and the rest is taken; it is tried again', async () => {
    await simulator.settings.name(other, 'Blake renamed');
    simulator.fail.patches(1);
    const rig = await connected({ settingsRetryMs: [300] });
    await expect.poll(() => lacking(rig)).toEqual(namesLack('what WhatsApp keeps could not be read whole'));
    await named(rig);
    await whole(rig);
  });
});

describe('settings that are kept as files', () => {
  beforeEach(() => simulator.settings.keepAsFiles());

  test('are read from a snapshot and from patches', async () => {
    const rig = await connected();
    await named(rig);
    await simulator.settings.name(pn, 'Avery renamed');
    await named(rig, pn, 'Avery renamed');
    await whole(rig);
  });

  const broken: [string, () => void][] = [
    ['are missing', () => simulator.fail.media(1)],
    ['break off', () => simulator.fail.drop('media_get')],
    ['stall', () => simulator.fail.stall()],
  ];
  test.each(broken)('and %s end nothing: they are known to be missing, and fetched later', async (_what, fail) => {
    const rig = await connected({ settingsRetryMs: [200] });
    await named(rig);
    fail();
    await simulator.settings.name(pn, 'Avery renamed');
    await expect.poll(() => lacking(rig)).toEqual(namesLack('a file could not be downloaded'));
    expect(rig.bridge.status()).toMatchObject({ connected: true });
    await named(rig, pn, 'Avery renamed');
    await whole(rig);
  });
});
