import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { dataPaths } from '../../src/config.ts';
import { openQueryOnly } from '../../src/store/sqlite/database.ts';
import { atEnd } from '../support/at-end.ts';
import { countRows } from '../support/e2e/database.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { startWorld } from '../support/e2e/simulator.ts';
import { testConfig } from '../support/fakes/config.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';
import { until } from '../support/poll.ts';
import { describeWaBridge, startWaBridge } from '../support/wire/wa-bridge.ts';
import { linkWaBridge } from '../support/wire/wa-bridge-link.ts';

/** One value of messages.db. */
function oneValue(dataDir: string, sql: string): unknown {
  const db = openQueryOnly(dataPaths(dataDir).messages);
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

const sourceOf = (dataDir: string) => oneValue(dataDir, "SELECT value FROM meta WHERE key = 'history_source'");

/** An account with both bridges: wa-bridge is linked and has announced all history while Baileys shows its QR code. */
async function bothLinked(messages: number) {
  const simulator = await startWorld({ messages });
  const dataDir = temporaryDir();
  const config = { ...testConfig(dataDir), historyQuietMs: 300, simulator: simulator.document };
  const app = createApp(config, { log: quietLog().log });
  atEnd(() => app.close());
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const outcome = await app.runTool(name, args);
    if (!outcome.ok) throw new Error(`${name} failed: ${outcome.error.message}`);
    return outcome.value as Record<string, unknown>;
  };
  const bridge = await startWaBridge({ dataDir, simulatorUrl: simulator.url });
  const pending = async () => (await bridge.status())['pending_history'] as number;
  const { qr } = await call('start_pairing', { bridge: 'baileys' });
  let announced = 0;
  simulator.on('history_sent', () => announced++);
  const last = simulator.next('history_sent', ({ done }) => done);
  await linkWaBridge(bridge, simulator);
  await last;
  const parts = announced;
  await until(async () => (await pending()) === parts);
  expect(countRows(dataPaths(dataDir).messages, 'messages')).toBe(0);
  await simulator.scan(String(qr));
  await call('retrieve_full_history', { wait_for_completion: true, timeout: 60 });
  expect([sourceOf(dataDir), await pending()]).toEqual(['baileys', parts]);
  return { dataDir, call, pending };
}

/** Several parts of history, of which the copy takes more than one turn. */
const copied = 1500;

describeWaBridge('Of two bridges one brings the history', () => {
  test('the copy counts every message as new though wa-bridge was linked before, and what that has adds nothing', async () => {
    const { dataDir, call, pending } = await bothLinked(copied);
    expect(await call('sync_history_to_database')).toMatchObject({
      messages_synced: copied,
      duplicates_skipped: 0,
      failed: 0,
    });
    expect(sourceOf(dataDir)).toBe('whatsmeow');
    await until(async () => (await pending()) === 0);
    expect(countRows(dataPaths(dataDir).messages, 'messages')).toBe(copied);
    expect(oneValue(dataDir, 'SELECT count(*) FROM conflicts')).toBe(0);
    expect(oneValue(dataDir, 'SELECT group_concat(DISTINCT status) FROM checkpoints')).toBe('completed');
    expect(await call('sync_history_to_database')).toMatchObject({ messages_synced: 0, duplicates_skipped: 0 });
  }, 300_000);

  test('once Baileys is logged out wa-bridge brings it, without a copy', async () => {
    const { dataDir, call, pending } = await bothLinked(300);
    await call('logout_device', { bridge: 'baileys' });
    await until(async () => (await pending()) === 0);
    expect([sourceOf(dataDir), countRows(dataPaths(dataDir).messages, 'messages')]).toEqual(['whatsmeow', 300]);
  }, 300_000);
});
