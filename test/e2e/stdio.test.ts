import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serve } from '../support/e2e/client.ts';
import { clientEnv, startProgram, temporaryDir } from '../support/e2e/program.ts';
import { expectOnlyProtocol } from '../support/fakes/protocol.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** Below the half minute for which timers of Baileys keep a process; far above what a busy machine adds. */
const soonMs = 25_000;

/** A server on stdio, line by line, without a client library. */
function raw(args: readonly string[] = []) {
  const home = temporaryDir();
  const started = startProgram(['serve', ...args], clientEnv(home));
  const answers = () =>
    started
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    ...started,
    home,
    answers,
    say: (line: string | object) =>
      started.child.stdin?.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`),
    /** Resolves with the answer to the request with this id. */
    async answer(id: number | null): Promise<Record<string, unknown>> {
      for (;;) {
        const found = answers().find((message) => message.id === id);
        if (found) return found;
        await new Promise((resolve) => started.child.stdout?.once('data', resolve));
      }
    },
  };
}

describe('A server that has no WhatsApp', () => {
  test('answers initialize and creates nothing', async () => {
    const server = raw();
    server.say(initialize);
    const { result } = await server.answer(0);
    expect(result).toMatchObject({ serverInfo: { name: 'whatsapp-hybrid-mcp' }, capabilities: { tools: {} } });
    server.child.stdin?.end();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(readdirSync(server.home)).toEqual([]);
  });

  test('says on a call what to do', async () => {
    const { call, failure } = await serve([]);
    expect(await call('backend_status')).toMatchObject({ overall_status: 'unhealthy', go_bridge: { healthy: false } });
    expect(await call('get_message_statistics')).toMatchObject({ total_messages: 0, total_chats: 0 });
    expect(await failure('retrieve_full_history')).toMatchObject({ success: false, error_code: 'not_linked' });
  });
});

describe('A server whose client goes away', () => {
  test('exits with 0 at the end of its input', async () => {
    const server = await serve([]);
    await server.call('get_message_statistics');
    const { code, ms } = await server.end();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(soonMs);
  });

  test('does so with a connection and a simulated account, leaving nothing behind', async () => {
    const server = raw(['--simulated']);
    server.say(initialize);
    server.say({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'backend_status', arguments: {} },
    });
    expect(await server.answer(1)).toMatchObject({
      result: { structuredContent: { baileys_bridge: { connected: true } } },
    });
    const from = performance.now();
    server.child.stdin?.end();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - from).toBeLessThan(soonMs);
    expect(readdirSync(server.home)).toEqual([]);
    expectOnlyProtocol(server.stdout());
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('exits with 0 on %s', async (signal) => {
    const server = raw();
    server.say(initialize);
    await server.answer(0);
    server.child.kill(signal);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  test('answers what it was asked just before', async () => {
    const server = raw();
    server.say(initialize);
    server.child.stdin?.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`);
    await server.ended;
    expect(server.answers().map(({ id }) => id)).toEqual([0, 1]);
  });
});

describe('A server goes on serving', () => {
  test.each([
    ['a line that is not JSON', '{"jsonrpc": nonsense', -32700],
    ['JSON that is no message', '[1, 2, 3]', -32600],
    ['a line of 11 MB', JSON.stringify({ ...initialize, id: 9, pad: 'x'.repeat(11_000_000) }), -32600],
  ])('after %s', async (_, line, code) => {
    const server = raw();
    server.say(initialize);
    server.say(line);
    expect(await server.answer(null)).toMatchObject({ id: null, error: { code } });
    server.say({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect(await server.answer(1)).toHaveProperty('result.tools');
    expectOnlyProtocol(server.stdout().replaceAll('"id":null', '"id":0'));
  });

  test('after unknown tools and wrong arguments, naming what is right', async () => {
    const { failure, call } = await serve([]);
    expect(await failure('send_pigeon')).toMatchObject({ error_code: 'not_found' });
    const unknown = await failure('query_synced_messages', { contents: 'x' });
    expect(unknown).toMatchObject({ error_code: 'invalid_input' });
    expect(unknown['message']).toContain('content');
    const wrong = await failure('query_synced_messages', { limit: 'many' });
    expect(wrong).toMatchObject({ error_code: 'invalid_input' });
    expect(wrong['message']).toContain('limit');
    expect(await call('get_message_statistics')).toMatchObject({ success: true });
  });

  test('when optional arguments are null, and when there are none', async () => {
    const { call, client } = await serve([]);
    const nothing = { content: null, chat_jid: null, sender: null, after_time: null, before_time: null, cursor: null };
    expect(await call('query_synced_messages', nothing)).toMatchObject({ total: 0, messages: [] });
    expect(await client.callTool({ name: 'get_message_statistics' })).toMatchObject({
      structuredContent: { success: true },
    });
  });
});
