import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type ServedClient, serve } from '../support/e2e-client.ts';
import { contentsOf, differences } from '../support/e2e-database.ts';
import { link, retrieve } from '../support/e2e-link.ts';
import { temporaryDir } from '../support/e2e-program.ts';
import { startWorld } from '../support/e2e-simulator.ts';

const messages = 1000;

async function linkedServer(env: Record<string, string> = {}) {
  const simulator = await startWorld({ messages });
  const dataDir = temporaryDir();
  const environment = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3', ...env };
  const server = await serve(['--simulator', simulator.url], environment);
  await link(server, simulator);
  return { simulator, server, dataDir, environment };
}

/** A contact writes; resolves when a search finds it. */
async function hear({ call }: ServedClient, simulator: Simulator, text: string): Promise<void> {
  const contact = simulator.world.people.find(({ pn }) => pn !== undefined);
  await simulator.sendText(text, { from: contact?.pn ?? '' });
  while ((await call('query_synced_messages', { content: text }))['total'] === 0);
}

describe('A whole session', () => {
  test('of pairing, history, broken lines, live messages and shutdown has nothing but JSON-RPC on stdout', async () => {
    const { simulator, server } = await linkedServer({ WHATSAPP_LOG_LEVEL: 'debug' });
    await retrieve(server);
    await server.call('sync_history_to_database', {}, () => {});
    await hear(server, simulator, 'platypus');
    for (const code of [428, 515] as const) {
      const active = simulator.next('active');
      simulator.fail.stream(code);
      await active;
    }
    await hear(server, simulator, 'wombat');
    expect((await server.end()).code).toBe(0);
    expect(server.server.stdout().split('\n').length).toBeGreaterThan(10); // the harness checks every line of it
    expect(server.server.stderr()).not.toMatch(/platypus|wombat|1555\d{4}|privKey|registrationId/);
  });

  test('shows progress that comes with the call and never goes back', async () => {
    const { server } = await linkedServer();
    const seen: number[] = [];
    await server.call('retrieve_full_history', { timeout: 100 }, ({ progress }) => seen.push(progress));
    await server.call('sync_history_to_database', {}, () => {});
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test('that the client cancels keeps what arrived, and goes on afterwards', async () => {
    const { server } = await linkedServer();
    const controller = new AbortController();
    const call = server.client.callTool({ name: 'retrieve_full_history', arguments: { timeout: 100 } }, undefined, {
      signal: controller.signal,
      onprogress: () => controller.abort(),
    });
    await expect(call).rejects.toThrow();
    expect(await retrieve(server)).toMatchObject({ messages_synced: messages });
  });
});

describe('The same history, delivered again,', () => {
  test('is all duplicates', async () => {
    const { simulator, server, dataDir } = await linkedServer();
    await retrieve(server);
    await server.call('sync_history_to_database');
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
});

describe('Rows that wait to be copied', () => {
  test('are announced by reading tools and not thrown away', async () => {
    const { server } = await linkedServer();
    await retrieve(server);
    expect(await server.call('get_message_statistics')).toMatchObject({ total_messages: 0, pending_sync: messages });
    expect(await server.failure('clear_temp_storage')).toMatchObject({
      message: expect.stringContaining('sync_history_to_database'),
    });
    await server.call('sync_history_to_database');
    expect(await server.call('get_message_statistics')).not.toHaveProperty('pending_sync');
  });
});

describe('A second server on the same data', () => {
  test('reads, says who owns the connection, and takes over when the owner ends', async () => {
    const { simulator, server, environment } = await linkedServer();
    await retrieve(server);
    await server.call('sync_history_to_database');
    const second = await serve(['--simulator', simulator.url], environment);
    expect(await second.call('get_message_statistics')).toMatchObject({ total_messages: messages });
    const waiting = await second.call('backend_status');
    expect(waiting).toMatchObject({ baileys_bridge: { state: 'down', message: expect.any(String) } });
    expect((await server.end()).code).toBe(0);
    let status = waiting;
    while (status['overall_status'] !== 'healthy') status = await second.call('backend_status');
    expect(simulator.counters().maxConcurrentSessionsPerDevice).toBe(1);
  });
});
