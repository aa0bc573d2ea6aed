import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';

interface Message {
  id?: number | null;
  result?: Record<string, unknown>;
  error?: { code: number };
}

const children = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A server process, initialized, with every line of its stdout read as JSON-RPC. */
async function serve(behaviour = '') {
  const child = spawn(process.execPath, [compiled({ file: 'test/support/serve-fake.ts' }), behaviour]);
  children.add(child);
  const messages: Message[] = [];
  const heard = new Set<() => void>();
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  child.stdin.on('error', () => {});
  createInterface(child.stdout).on('line', (line) => {
    messages.push(JSON.parse(line));
    for (const listener of heard) listener();
  });
  const answer = (wanted: (message: Message) => boolean): Promise<Message> =>
    new Promise((resolve) => {
      const look = () => {
        const found = messages.find(wanted);
        if (found) resolve(found);
        if (found) heard.delete(look);
      };
      heard.add(look);
      look();
    });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, at: Date.now() }));

  const clientInfo = { name: 'test', version: '0' };
  send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  await answer(({ id }) => id === 0);
  send({ method: 'notifications/initialized' });
  return { child, messages, send, answer, ended, stderr: () => stderr };
}

const call = (id: number, name: string) => ({ id, method: 'tools/call', params: { name, arguments: {} } });

describe('the server on stdio', () => {
  it('keeps serving after garbage, no requests and an 11 MB line, each answered with id null', async () => {
    const { child, messages, send, answer } = await serve();
    child.stdin.write('garbage\n{"jsonrpc":"2.0","id":[]}\n');
    child.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"${'x'.repeat(11 * 1024 * 1024)}"}}\n`);
    send({ id: 2, method: 'ping' });
    await answer(({ id }) => id === 2);
    const refusals = messages.filter(({ id }) => id === null).map(({ error }) => error?.code);
    expect(refusals).toEqual([-32700, -32600, -32600]);
  });

  it('answers a method it does not know and goes on', async () => {
    const { send, answer } = await serve();
    send({ id: 1, method: 'no/such' });
    expect((await answer(({ id }) => id === 1)).error?.code).toBe(-32601);
  });

  it('lets nothing but JSON-RPC reach stdout, whatever a library prints', async () => {
    const { child, messages, send, answer, ended, stderr } = await serve();
    send(call(1, 'sync_history_to_database'));
    expect((await answer(({ id }) => id === 1)).result).toMatchObject({ structuredContent: { messages_synced: 1 } });
    child.stdin.end();
    await ended;
    expect(messages.map(({ id }) => id)).toEqual([0, 1]);
    expect(stderr()).toContain('and writes');
    expect(stderr()).not.toContain('secret');
  });
});

/** Far below what the slow ones take, far above what a busy machine adds. */
const soonMs = 20_000;

describe('the end of the server', () => {
  it('comes with code 0 soon after the end of stdin, after closing', async () => {
    const { child, ended, stderr } = await serve();
    const from = Date.now();
    child.stdin.end();
    const { code, at } = await ended;
    expect(code).toBe(0);
    expect(at - from).toBeLessThan(soonMs);
    expect(stderr()).toBe('closed\n');
  });

  it('answers what was asked just before the end of stdin', async () => {
    const { child, send, answer, ended } = await serve('brief-call');
    send(call(1, 'sync_history_to_database'));
    child.stdin.end();
    expect((await answer(({ id }) => id === 1)).result).toHaveProperty('structuredContent');
    expect((await ended).code).toBe(0);
  });

  it.each(['slow-call', 'slow-close', 'failing-close'])('is not held up by a %s', async (behaviour) => {
    const { child, send, ended } = await serve(behaviour);
    send(call(1, 'sync_history_to_database'));
    const from = Date.now();
    child.stdin.end();
    const { code, at } = await ended;
    expect(code).toBe(0);
    expect(at - from).toBeLessThan(soonMs);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('comes in good order with %s', async (signal) => {
    const { child, ended, stderr } = await serve();
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(stderr()).toBe('closed\n');
  });

  it('comes when nobody reads stdout any more', async () => {
    const { child, send, ended, stderr } = await serve();
    child.stdout.destroy();
    send(call(1, 'list_chats'));
    expect((await ended).code).toBe(0);
    expect(stderr()).toBe('closed\n');
  });
});
