import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { dataPaths } from '../../src/config.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { linkBridge } from '../support/e2e/link.ts';
import { testConfig } from '../support/fakes/config.ts';
import { poll } from '../support/poll.ts';

const messages = 300;
let simulator: Simulator;
let dataDir: string;
const apps: App[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ messages, strict: true });
  dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-linked-'));
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await simulator.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Value = Record<string, unknown>;

function open() {
  const app = createApp({ ...testConfig(dataDir), simulator: simulator.document });
  apps.push(app);
  const call = async (name: string, args: object = {}): Promise<Value> => {
    const outcome = await app.runTool(name, args, { progress: () => {} });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
    return outcome.value;
  };
  return { app, call };
}

describe('an app with a linked phone', () => {
  it('links no other account than that of messages.db, although staging.db is gone', async () => {
    const messagesDb = openWriter(dataPaths(dataDir).messages);
    migrate(messagesDb);
    messagesDb.prepare("INSERT INTO meta (key, value) VALUES ('account_jid', '15550109999@s.whatsapp.net')").run();
    messagesDb.close();
    const { app, call } = open();
    const { qr } = await call('start_pairing');
    await expect(simulator.scan(String(qr))).rejects.toThrow();
    const outcome = await app.runTool('get_pairing_status', {});
    expect(outcome).toMatchObject({ ok: false, error: { error_code: 'account_mismatch' } });
    expect(simulator.devices()).toEqual([]);
  });

  it('goes from pairing to a search, and has nothing left to copy', async () => {
    const { call } = open();
    await linkBridge(call, simulator);
    expect(await call('backend_status')).toMatchObject({ overall_status: 'healthy', baileys_bridge: { linked: true } });
    expect(await call('retrieve_full_history', { timeout: 60 })).toMatchObject({
      status: 'completed',
      messages_synced: messages,
      progress_percent: 100,
    });
    expect(await call('list_chats')).toMatchObject({ total: 0, pending_sync: messages });
    expect(await call('sync_history_to_database')).toMatchObject({
      messages_synced: messages,
      duplicates_skipped: 0,
      failed: 0,
    });
    expect(await call('get_message_statistics')).toMatchObject({ total_messages: messages });
    expect(await call('query_synced_messages', { content: 'birthday' })).not.toHaveProperty('pending_sync');
    expect(await call('sync_history_to_database')).toMatchObject({ messages_synced: 0, duplicates_skipped: 0 });
  });

  it('finds a message that arrives, while the history waits to be copied', async () => {
    const { call } = open();
    await linkBridge(call, simulator);
    await call('retrieve_full_history', { timeout: 60 });
    const from = simulator.world.people.find(({ pn }) => pn !== undefined)?.pn ?? '';
    await simulator.sendText('a platypus', { from });
    const search = () => call('query_synced_messages', { content: 'platypus' });
    const found = await poll(search, ({ total }) => total === 1);
    expect(found).toMatchObject({ pending_sync: messages, messages: [{ content: 'a platypus', is_from_me: false }] });
  });
});
