import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { connect } from '../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { fakeServices, fakeStore, fakeSync, historyProgress } from '../support/fakes/fake-services.ts';
import { storedPage } from '../support/fakes/pages.ts';
import { textOf } from '../support/rows/result-text.ts';

describe('the server', () => {
  it('names itself and says how to begin', async () => {
    const { client } = await connect();
    expect(client.getServerVersion()).toMatchObject({
      name: 'whatsapp-hybrid-mcp',
      version: expect.stringMatching(/^\d/),
    });
    expect(client.getInstructions()).toContain('backend_status');
  });

  it('lists every tool, in the same order each time', async () => {
    const { client } = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(catalog.map(({ name }) => name));
    expect((await client.listTools()).tools).toEqual(tools);
  });

  it('answers a list without touching a bridge or the store', async () => {
    const untouchable = new Proxy({} as never, {
      get: () => {
        throw new Error('touched');
      },
    });
    const { client } = await connect(untouchable);
    expect((await client.listTools()).tools.length).toBe(catalog.length);
  });

  it('helps who asks for a tool that is not there', async () => {
    const { fail } = await connect();
    expect(await fail('search_messages')).toMatchObject({
      error_code: 'not_found',
      message: expect.stringMatching(/"search_messages".*query_synced_messages/),
    });
    expect(await fail('no\nsuch <tool>')).toMatchObject({ message: expect.stringContaining('backend_status') });
  });

  it('refuses arguments that are no object as a protocol error and serves on', async () => {
    const { client, succeed } = await connect();
    const call = client.callTool({ name: 'list_chats', arguments: [1] as never });
    await expect(call).rejects.toBeInstanceOf(McpError);
    await succeed('list_chats');
  });

  it('takes text where a number or boolean is meant, and empty text for nothing', async () => {
    const { succeed } = await connect();
    await succeed('list_chats', { limit: '10', archived: 'false', cursor: '' });
  });

  it('takes deeply nested arguments for wrong ones', async () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    const { fail } = await connect();
    expect(await fail('list_chats', { query: deep })).toMatchObject({ error_code: 'invalid_input' });
  });

  it('hides an error that is not ours and logs all of it', async () => {
    const store = fakeStore();
    store.chats.list = () => {
      throw new TypeError('a defect at line 7');
    };
    const { fail, lines } = await connect(fakeServices({ store }));
    const error = await fail('list_chats');
    expect(error).toMatchObject({ error_code: 'internal', retryable: false });
    expect(JSON.stringify(error)).not.toContain('line 7');
    expect(lines.join()).toMatch(/list_chats.*a defect at line 7|a defect at line 7.*list_chats/);
  });

  it('refuses a result that does not fit what the tool promises', async () => {
    const store = fakeStore();
    store.chats.list = () => ({ ...storedPage([{ chat_jid: 7 }] as never), total: 1 });
    const { fail } = await connect(fakeServices({ store }));
    expect(await fail('list_chats')).toMatchObject({ error_code: 'internal' });
  });

  it('gives an error no structured content, so that no client checks it against the wrong schema', async () => {
    const { call } = await connect();
    const result = await call('get_message');
    expect(result.structuredContent).toBeUndefined();
    expect(JSON.parse(textOf(result))).toMatchObject({ success: false, hint: expect.any(String) });
  });
});

/** A copy that takes as long as the test wants. */
function slowCopy() {
  let finish: () => void = () => {};
  let begun: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const seen: { signal?: AbortSignal | undefined } = {};
  const sync = fakeSync();
  sync.transfer = (_lane, options = {}) =>
    new Promise((resolve, reject) => {
      seen.signal = options.signal;
      options.progress?.(10, 100, 'copying');
      finish = () => resolve({ messages_synced: 1, duplicates_skipped: 0, failed: 0, chats_synced: 1 });
      options.signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'Stopped between two chunks.')));
      begun();
    });
  return { sync, started, seen, finish: () => finish() };
}

describe('a long call', () => {
  it('reports progress to a client that asked for it, and the server answers others meanwhile', async () => {
    const { sync, started, finish } = slowCopy();
    const { client, succeed } = await connect(fakeServices({ sync }));
    const heard: unknown[] = [];
    const running = client.callTool({ name: 'sync_history_to_database', arguments: {} }, undefined, {
      onprogress: (progress) => heard.push(progress),
    });
    await started;
    await succeed('list_chats');
    finish();
    expect(await running).toMatchObject({ structuredContent: { messages_synced: 1 } });
    expect(heard).toContainEqual({ progress: 10, total: 100, message: 'copying' });
  });

  it('is not disturbed by a client that wants no progress', async () => {
    const { sync, started, finish } = slowCopy();
    const { succeed } = await connect(fakeServices({ sync }));
    const running = succeed('sync_history_to_database');
    await started;
    finish();
    expect(await running).toMatchObject({ messages_synced: 1 });
  });

  it('stops when the client cancels it, and the server goes on serving', async () => {
    const { sync, started, seen } = slowCopy();
    const { client, succeed } = await connect(fakeServices({ sync }));
    const controller = new AbortController();
    const running = client.callTool({ name: 'sync_history_to_database', arguments: {} }, undefined, {
      signal: controller.signal,
    });
    await started;
    controller.abort();
    await expect(running).rejects.toThrow();
    await succeed('list_chats');
    expect(seen.signal?.aborted).toBe(true);
  });

  it('is cancelled when the connection closes', async () => {
    const { sync, started, seen } = slowCopy();
    const { client, succeed } = await connect(fakeServices({ sync }));
    const running = succeed('sync_history_to_database');
    await started;
    const aborted = new Promise((resolve) => seen.signal?.addEventListener('abort', resolve));
    await client.close();
    await expect(running).rejects.toThrow();
    await aborted;
  });
});

describe('the context of a call', () => {
  it('lets a tool reach the bridge of its operations and tells who answered', async () => {
    const full = async () => ({ state: 'ready' as const, pending_chunks: 0 });
    const baileys = fakeBridge('baileys', 'ready', { 'history.full': full });
    const history = { progress: () => historyProgress(), pendingRows: () => 0 };
    const { succeed } = await connect(fakeServices({ bridges: fakeBridges(baileys), history }));
    expect(await succeed('retrieve_full_history', { wait_for_completion: false })).toMatchObject({
      served_by: 'baileys',
    });
    expect(baileys.asked).toContain('history.full');
  });
});
