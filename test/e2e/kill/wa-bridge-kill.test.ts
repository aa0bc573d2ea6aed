import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { dataPaths } from '../../../src/config.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { countRows, hasMessage, idsOf, integrityOf } from '../../support/e2e/database.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { until } from '../../support/poll.ts';
import { describeWaBridge, startWaBridge } from '../../support/wire/wa-bridge.ts';
import { linkWaBridge } from '../../support/wire/wa-bridge-link.ts';

const messages = 300;
/** Work for about a second, so that the kill comes before its end. */
const long =
  'SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500000) SELECT i FROM n)';

function change(dataDir: string, sql: string): void {
  const db = new Database(join(dataDir, 'whatsmeow.db'), { timeout: 10_000 });
  db.exec(sql);
  db.close();
}

const kept = (dataDir: string, table: string) => countRows(join(dataDir, 'whatsmeow.db'), table);

/** Resolves when the first history notification is acknowledged on the wire. */
async function confirmed(simulator: Simulator): Promise<void> {
  const { id } = await simulator.next('history_sent');
  await simulator.next('acked', (ack) => ack.id === id);
}

describeWaBridge('wa-bridge killed with SIGKILL', () => {
  test('loses no part of the history that it had confirmed and not stored', async () => {
    const simulator = await startWorld({ messages });
    const dataDir = temporaryDir();
    const first = await startWaBridge({ dataDir, simulatorUrl: simulator.url });
    change(dataDir, `CREATE TRIGGER slow BEFORE INSERT ON bridge_history BEGIN ${long}; END`);
    const receipt = confirmed(simulator);
    await linkWaBridge(first, simulator);
    await receipt;
    await first.kill();
    expect([kept(dataDir, 'bridge_history'), kept(dataDir, 'bridge_inbox')]).toEqual([0, expect.any(Number)]);
    expect(kept(dataDir, 'bridge_inbox')).toBeGreaterThan(0);
    change(dataDir, 'DROP TRIGGER slow');

    const second = await startWaBridge({ dataDir, simulatorUrl: simulator.url });
    await until(async () => (await second.status())['state'] === 'ready');
    expect(countRows(dataPaths(dataDir).messages, 'messages')).toBe(messages);
    expect([kept(dataDir, 'bridge_history'), kept(dataDir, 'bridge_inbox')]).toEqual([0, 0]);
  });

  test('loses no key of the settings, no live message and no gap', async () => {
    const simulator = await startWorld({ messages });
    const dataDir = temporaryDir();
    let bridge = await startWaBridge({ dataDir, simulatorUrl: simulator.url });
    const reborn = async () => {
      await bridge.kill();
      bridge = await startWaBridge({ dataDir, simulatorUrl: simulator.url });
      await until(async () => (await bridge.status())['connected'] === true);
    };
    const keys = 'whatsmeow_app_state_sync_keys';
    change(dataDir, `CREATE TRIGGER slow BEFORE INSERT ON ${keys} BEGIN ${long}; END`);
    const history: string[] = [];
    simulator.on('history_sent', ({ id }) => history.push(id));
    const shared = simulator.next('acked', ({ type, id }) => type === 'peer_msg' && !history.includes(id));
    await linkWaBridge(bridge, simulator);
    await shared;
    await bridge.kill();
    expect(kept(dataDir, keys)).toBeGreaterThan(0); // stored before the phone got the receipt
    change(dataDir, 'DROP TRIGGER slow');
    await reborn();

    const from = simulator.world.people.find(({ pn, lid }) => pn && lid)?.pn ?? '';
    const sent = Array.from({ length: 12 }, (_, index) => `LIVE${index}`);
    for (const id of sent) {
      const seen = simulator.next('acked', (ack) => ack.id === id);
      await simulator.send({ from, id, message: { conversation: `live ${id}` } });
      await seen;
      if (Number(id.slice(4)) % 4 === 1) await reborn();
    }
    await simulator.send({ from, id: 'LOST', message: { conversation: 'lost' }, lost: 'for_good' });
    await until(async () => (await bridge.status())['gaps'] === 1);
    await reborn();
    expect(await bridge.status()).toMatchObject({ gaps: 1 });
    await simulator.send({ from, id: 'AGAIN', message: { conversation: 'again' }, lost: 'phone_has_it' });
    await until(() => hasMessage(dataPaths(dataDir).messages, 'AGAIN'));
    await until(async () => (await bridge.status())['gaps'] === 1);
    const live = idsOf(dataPaths(dataDir).messages).filter((id) => sent.includes(id));
    expect(live.sort()).toEqual(sent.sort());
    expect(await bridge.stop()).toBe(0);
    expect(integrityOf(dataPaths(dataDir).messages)).toBe('ok');
  }, 300_000);
});
