import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { dataPaths } from '../../src/config.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { testConfig } from '../support/fakes/config.ts';

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

/** Gives the sockets of this process a turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

type Call = ReturnType<typeof open>['call'];

async function link(call: Call): Promise<void> {
  let { state, qr } = await call('start_pairing');
  if (state === 'pairing') await simulator.scan(String(qr));
  while (state === 'pairing' || state === 'connecting') {
    await turn();
    ({ state, qr } = await call('get_pairing_status'));
  }
}

/** Polls until the answer is as wanted; the test's timeout ends it otherwise. */
async function until(call: Call, name: string, args: object, wanted: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    await turn();
    const value = await call(name, args);
    if (wanted(value)) return value;
  }
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
    await link(call);
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

  it('finds a message within two seconds of its arrival, history waiting or not', async () => {
    const { call } = open();
    await link(call);
    await call('retrieve_full_history', { timeout: 60 });
    const from = simulator.world.people.find(({ pn }) => pn !== undefined)?.pn ?? '';
    const sent = Date.now();
    await simulator.sendText('a platypus', { from });
    const found = await until(call, 'query_synced_messages', { content: 'platypus' }, ({ total }) => total === 1);
    expect(Date.now() - sent).toBeLessThan(2000);
    expect(found).toMatchObject({ pending_sync: messages, messages: [{ content: 'a platypus', is_from_me: false }] });
  });
});
