import { describe, expect, it } from 'vitest';
import { serveFake as serve } from '../support/fakes/fake-server.ts';

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

  it('keeps serving after ids of every kind, prototypes and nesting', async () => {
    const { child, messages, answer } = await serve();
    const line = (id: string, more = '') => `{"jsonrpc":"2.0","id":${id},"method":"ping"${more}}\n`;
    const args = '{"__proto__":{"limit":1},"constructor":{"prototype":{}}}';
    const params = `"params":{"name":"list_chats","arguments":${args}}`;
    child.stdin.write(`[${line('1').trim()}]\n${line('null')}${line('{}')}${line('1e400')}${line('1.5')}`);
    child.stdin.write(line('7') + line('7') + line('"__proto__"') + line('1e15'));
    child.stdin.write(line('8', `,"params":{"a":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`));
    child.stdin.write(`{"jsonrpc":"2.0","id":9,"method":"tools/call",${params}}\n`);
    child.stdin.write(line('10'));
    await answer(({ id }) => id === 9);
    const told = messages.map(({ id, error }) => (error ? `${id}: ${error.code}` : `${id}`));
    expect(told.filter((text) => text === 'null: -32600')).toHaveLength(5);
    expect(told.filter((text) => !text.startsWith('null')).sort()).toEqual(
      ['0', '7', '7', '__proto__', '1000000000000000', '8: -32602', '9', '10'].sort(),
    );
    expect(JSON.stringify(messages.find(({ id }) => id === 9))).toContain('has no argument');
    expect(Object.prototype).not.toHaveProperty('limit');
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

const completion = { ref: { type: 'ref/prompt', name: 'summarize_chat' }, argument: { name: 'chat', value: 'A' } };

describe('the server that was stopped', () => {
  it.skipIf(process.platform === 'win32')('goes on where it was, with what came meanwhile', async () => {
    const { child, messages, send, answer, ended } = await serve();
    child.kill('SIGSTOP');
    send(...Array.from({ length: 500 }, (_, serial) => call(1000 + serial, 'list_chats')), { id: 1, method: 'ping' });
    send({ method: 'notifications/cancelled', params: { requestId: 1499 } });
    child.kill('SIGCONT');
    await answer(({ id }) => id === 1498);
    expect(messages.filter(({ id }) => Number(id) >= 1000).map(({ id }) => id)).toEqual(
      Array.from({ length: 499 }, (_, serial) => 1000 + serial),
    );
    child.kill('SIGSTOP');
    child.stdin.end();
    child.kill('SIGCONT');
    expect(await ended).toMatchObject({ code: 0, signal: null });
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

  it('answers what is no call and came just before the end of stdin', async () => {
    const { child, send, answer, ended } = await serve();
    send({ id: 1, method: 'completion/complete', params: completion });
    child.stdin.end();
    expect((await answer(({ id }) => id === 1)).result).toHaveProperty('completion');
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
