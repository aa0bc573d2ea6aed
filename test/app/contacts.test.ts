import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { businessJid } from '../../src/simulator/world/shop.ts';
import type { Person } from '../../src/simulator/world/world.ts';
import { endAll, sharing } from '../support/at-end.ts';
import { linkBridge } from '../support/e2e/link.ts';
import { testConfig } from '../support/fakes/config.ts';
import { type StartedWaBridge, startWaBridge, waBridgeBinary } from '../support/wire/wa-bridge.ts';

type Value = Record<string, unknown>;

const hasGo = waBridgeBinary !== undefined;
const preferred = hasGo ? 'whatsmeow' : 'baileys';
let simulator: Simulator;
let dataDir: string;
let bridge: StartedWaBridge | undefined;
let app: App;
/** The program's clock; advances by an hour where the cache must be empty. */
let now = Date.now();
const later = (): void => {
  now += 3_600_000;
};

async function call(name: string, args: object = {}): Promise<Value> {
  const outcome = await app.runTool(name, args);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

/** A person with a number for whom this holds. */
function someone(is: (person: Person) => boolean): Person & { pn: string } {
  const found = simulator.world.people.find((person) => person.pn && is(person));
  if (!found) throw new Error('nobody in the world is like this');
  return { ...found, pn: found.pn ?? '' };
}

beforeAll(async () => {
  simulator = await startSimulator({ messages: 100, strict: true });
  dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-contacts-'));
  if (hasGo) bridge = await sharing(() => startWaBridge({ dataDir, simulatorUrl: simulator.url }));
  const config = {
    ...testConfig(dataDir),
    simulator: simulator.document,
    ...(bridge ? { bridgeUrl: bridge.url } : {}),
  };
  app = createApp(config, { now: () => now });
  await linkBridge(call, simulator);
  if (hasGo) await linkBridge(call, simulator, 'whatsmeow');
});
beforeEach(later);

afterAll(async () => {
  await app.close();
  await endAll();
  await simulator.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** All lookups of people, without the asking device. */
async function everything(servedBy: string): Promise<Value> {
  const [open, shy, bare] = [
    someone(({ about, picture }) => typeof about === 'object' && typeof picture === 'object'),
    someone(({ about, picture }) => about === 'hidden' || picture === 'hidden'),
    someone(({ about, picture, business }) => !about && !picture && !business),
  ];
  const answers: Value = {};
  for (const [name, { pn }] of Object.entries({ open, shy, bare })) {
    answers[`about ${name}`] = await call('get_contact_about', { jid: pn });
    answers[`picture ${name}`] = await call('get_profile_picture', { jid: pn });
    later();
  }
  const numbers = [open.pn, businessJid, '15550199999@s.whatsapp.net'].map((jid) => `+${jid.split('@')[0]}`);
  answers['check'] = await call('check_is_on_whatsapp', { phones: numbers });
  answers['devices'] = await call('get_linked_devices');
  for (const answer of Object.values(answers)) expect(answer).toMatchObject({ served_by: servedBy, age_seconds: 0 });
  return answers;
}

const alike = (answers: Value): unknown =>
  JSON.parse(JSON.stringify(answers).replaceAll('"whatsmeow"', '"baileys"').replaceAll(',"this_bridge":true', ''));

describe('people of the account', () => {
  let first: Value;

  it('are asked about through the bridge that is preferred, and what they hide is no error', async () => {
    first = await everything(preferred);
    const open = someone(({ about, picture }) => typeof about === 'object' && typeof picture === 'object');
    expect(first['about open']).toMatchObject({ visibility: 'shown', about: (open.about as { text: string }).text });
    expect(first['picture open']).toMatchObject({ visibility: 'shown', id: (open.picture as { id: string }).id });
    expect([first['about shy'], first['picture shy']]).toContainEqual(
      expect.objectContaining({ visibility: 'hidden' }),
    );
    expect(first['about bare']).toMatchObject({ visibility: 'none' });
    expect(first['picture bare']).toMatchObject({ visibility: 'none' });
    expect(first['check']).toMatchObject({
      numbers: [
        { is_on_whatsapp: true, jid: open.pn, is_business: false },
        { is_on_whatsapp: true, jid: businessJid, is_business: true },
        { is_on_whatsapp: false },
      ],
    });
    const { devices } = first['devices'] as { devices: Value[] };
    expect(devices.map(({ device }) => device)).toEqual(hasGo ? [0, 1, 2] : [0, 1]);
    expect(devices.at(-1)).toMatchObject({ this_bridge: true });
  });

  it('blocked people are listed, with and without a number', async () => {
    const { contacts, served_by } = await call('get_blocked_contacts');
    expect(served_by).toBe(preferred);
    expect((contacts as Value[]).map(({ lid }) => lid).sort()).toEqual([...(simulator.world.blocked ?? [])].sort());
  });

  it('are not asked about twice within minutes', async () => {
    const { pn } = someone(({ about }) => typeof about === 'object');
    const asked = () => simulator.counters().iq['usync/get/usync'] ?? 0;
    await call('get_contact_about', { jid: pn });
    const before = asked();
    now += 60_000;
    expect(await call('get_contact_about', { jid: pn })).toMatchObject({ age_seconds: 60, served_by: preferred });
    expect(asked()).toBe(before);
  });

  it.skipIf(!hasGo)('answer the same through Baileys when wa-bridge is gone', async () => {
    await bridge?.kill();
    expect(alike(await everything('baileys'))).toEqual(alike(first));
  });
});
