import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import { dataPaths } from '../../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { openStaging, type Staging } from '../../../../src/store/staging/staging.ts';
import { createIngest } from '../../../../src/sync/ingest.ts';
import { both, tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

let simulator: Simulator;
let folder: { path: string; remove(): void };
let staging: Staging;
let rig: Rig;

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  folder = temporaryFolder();
  staging = openStaging(dataPaths(folder.path).staging);
  seedCredentials(folder.path, simulator.credentials());
  rig = rigOn(folder.path, simulator, { sink: createIngest(staging, { quietMs: 100 }) });
  await rig.bridge.connect();
  await rig.bridge.waitFor(['ready'], 10_000);
});
afterEach(async () => {
  await rig.bridge.close();
  staging.close();
  await simulator.stop();
  folder.remove();
});

const from = both.pn as string;
const gaps = () => staging.db.prepare('SELECT message_id, reason, healed_at FROM gaps').all();
const textOf = (id: string) => staging.db.prepare('SELECT content FROM messages WHERE id = ?').pluck().get(id);

/** Resolves when the condition holds in staging.db; checks after every receipt of the device. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Promise.race([simulator.next('acked'), simulator.next('sent')]);
}

describe('a message that cannot be read', () => {
  test('is no gap any more when its sender sends it again', async () => {
    simulator.fail.damage();
    const id = await simulator.sendText('said twice', { from });
    await simulator.next('resent');
    await until(() => textOf(id) === 'said twice');
    expect(gaps()).toEqual([{ message_id: id, reason: 'unreadable', healed_at: expect.any(Number) }]);
    expect(rig.bridge.status().gaps).toBe(0);
  });

  test('comes from the phone when its sender does not send it again', async () => {
    const asked = simulator.next('received', ({ message }) =>
      Boolean(message.protocolMessage?.peerDataOperationRequestMessage?.placeholderMessageResendRequest?.length),
    );
    const id = await simulator.sendText('only the phone has it', { from, lost: 'phone_has_it' });
    await until(() => gaps().length > 0);
    expect(rig.bridge.status().gaps).toBe(1);
    await asked;
    await until(() => textOf(id) !== undefined);
    expect(textOf(id)).toBe('only the phone has it');
    expect(rig.bridge.status().gaps).toBe(0);
  });

  test('that nobody sends again stays a known gap, also after a restart', async () => {
    const id = await simulator.sendText('lost for good', { from, lost: 'for_good' });
    await until(() => gaps().length > 0);
    const next = await simulator.sendText('the next one', { from });
    await until(() => textOf(next) !== undefined);
    expect(gaps()).toEqual([{ message_id: id, reason: 'unreadable', healed_at: null }]);
    await rig.bridge.close();
    rig = rigOn(folder.path, simulator, { sink: createIngest(staging, { quietMs: 100 }) });
    expect(rig.bridge.status().gaps).toBe(1);
    expect(JSON.stringify(rig.logged)).not.toContain('lost for good');
  });
});
