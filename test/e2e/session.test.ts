import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { endAll, sharing } from '../support/at-end.ts';
import { type ServedClient, serve } from '../support/e2e/client.ts';
import { contentsOf, differences } from '../support/e2e/database.ts';
import { indiscretions, secretsOf } from '../support/e2e/discretion.ts';
import { link, retrieve } from '../support/e2e/link.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { startWorld } from '../support/e2e/simulator.ts';
import { until } from '../support/poll.ts';

const messages = 1000;

async function linkedServer(env: Record<string, string> = {}) {
  const simulator = await startWorld({ messages });
  const dataDir = temporaryDir();
  const environment = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3', ...env };
  const server = await serve(['--simulator', simulator.url], environment);
  await link(server, simulator);
  return { simulator, server, dataDir, environment };
}

/** A contact sends a message; resolves when a search finds it. */
async function hear({ call }: ServedClient, simulator: Simulator, text: string): Promise<void> {
  const contact = simulator.world.people.find(({ pn }) => pn !== undefined);
  await simulator.sendText(text, { from: contact?.pn ?? '' });
  await until(async () => (await call('query_synced_messages', { content: text }))['total'] !== 0);
}

test('A call that the client cancels keeps what arrived, and goes on afterwards', async () => {
  const { server } = await linkedServer();
  const controller = new AbortController();
  const call = server.client.callTool({ name: 'retrieve_full_history', arguments: { timeout: 100 } }, undefined, {
    signal: controller.signal,
    onprogress: () => controller.abort(),
  });
  await expect(call).rejects.toThrow();
  expect(await retrieve(server)).toMatchObject({ messages_synced: messages });
});

describe('One session after the other', () => {
  let one: Awaited<ReturnType<typeof linkedServer>>;
  beforeAll(async () => {
    one = await sharing(() => linkedServer({ WHATSAPP_LOG_LEVEL: 'debug' }));
  });
  afterAll(endAll);

  test('fetches the history with progress that never goes back', async () => {
    const seen: number[] = [];
    await one.server.call('retrieve_full_history', { timeout: 100 }, ({ progress }) => seen.push(progress));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test('announces rows that wait to be copied, does not throw them away, and copies them', async () => {
    const { call, failure } = one.server;
    expect(await call('get_message_statistics')).toMatchObject({ total_messages: 0, pending_sync: messages });
    const refusal = await failure('clear_temp_storage');
    expect(`${refusal['message']} ${refusal['hint']}`).toMatch(/1000 .*sync_history_to_database/s);
    await call('sync_history_to_database', {}, () => {});
    expect(await call('get_message_statistics')).not.toHaveProperty('pending_sync');
  });

  test('counts the same history as duplicates when it is delivered again', async () => {
    const { simulator, server, dataDir } = one;
    const before = contentsOf(dataDir);
    await simulator.sendHistory();
    await simulator.idle();
    await retrieve(server);
    const again = await server.call('sync_history_to_database');
    expect(again).toMatchObject({ messages_synced: 0, failed: 0 });
    expect(again['duplicates_skipped']).toBeGreaterThanOrEqual(messages);
    expect(await server.call('get_message_statistics')).toMatchObject({ total_messages: messages });
    expect(differences(contentsOf(dataDir), before)).toEqual([]);
  });

  test('hears people before and after its line broke', async () => {
    const { simulator, server } = one;
    await hear(server, simulator, 'platypus');
    for (const code of [428, 515] as const) {
      const active = simulator.next('active');
      simulator.fail.stream(code);
      await active;
    }
    await hear(server, simulator, 'wombat');
  });

  test('has a second server beside it, which reads, names the owner of the connection, and takes over at its end', async () => {
    const { simulator, server, environment } = one;
    const second = await serve(['--simulator', simulator.url], environment);
    expect(await second.call('get_message_statistics')).toMatchObject({ total_messages: messages + 2 });
    const waiting = await second.call('backend_status');
    expect(waiting).toMatchObject({ baileys_bridge: { state: 'down', message: expect.any(String) } });
    expect((await server.end()).code).toBe(0);
    await until(async () => (await second.call('backend_status'))['overall_status'] === 'healthy');
    expect(simulator.counters().maxConcurrentSessionsPerDevice).toBe(1);
  });

  test('said nothing but JSON-RPC on stdout, and at the level debug no text, number or key', async () => {
    const { simulator, server, dataDir } = one;
    const said = { stdout: server.server.stdout(), stderr: server.server.stderr(), killed: false };
    expect(said.stdout.split('\n').length).toBeGreaterThan(10);
    expect(said.stderr.split('\n').length).toBeGreaterThan(10);
    expect(indiscretions(said, secretsOf(dataDir, simulator))).toEqual([]);
    expect(said.stderr).not.toMatch(/platypus|wombat|privKey|registrationId/);
  });
});
