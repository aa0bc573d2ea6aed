import { expect, test, vi } from 'vitest';
import { isRunning } from '../../src/system/process.ts';
import { type ServedClient, serve } from '../support/e2e/client.ts';
import { fakeGo } from '../support/e2e/fake-go.ts';
import { clientEnv, startProgram, temporaryDir } from '../support/e2e/program.ts';
import { describeWaBridge } from '../support/wire/wa-bridge.ts';

const patience = { timeout: 120_000, interval: 200 };
const building = { state: 'down', message: expect.stringContaining('is being built with Go, since') };

const states = async ({ call }: ServedClient) => {
  const { baileys_bridge, go_bridge, next_step } = await call('backend_status');
  return { baileys: baileys_bridge, go: go_bridge, next_step };
};

async function untilReady(served: ServedClient): Promise<void> {
  const ready = { baileys: { state: 'ready' }, go: { state: 'ready' } };
  await vi.waitFor(async () => {
    const now = await states(served);
    expect(now).toMatchObject(ready);
    expect(now.go).not.toHaveProperty('message');
  }, patience);
}

/** What a user's own data directory needs for a wa-bridge of its own. */
const own = () => ({ WHATSAPP_BRIDGE_START: 'true', WHATSAPP_DATA_DIR: temporaryDir() });

describeWaBridge('A server on a machine that has never built wa-bridge', () => {
  test('answers by Baileys while the compiler works, and by both when it is done, without a restart', async () => {
    const go = fakeGo();
    const served = await serve(['--simulated=synced'], go.env);
    // The compiler has no end yet: whoever waited for it would never answer.
    expect((await served.call('list_chats', { limit: 1 }))['chats']).toHaveLength(1);
    const before = await states(served);
    expect(before).toMatchObject({ baileys: { linked: true }, go: building });
    expect(before.next_step).toContain('joins by itself');
    expect(await served.failure('start_pairing', { bridge: 'whatsmeow' })).toMatchObject({
      error_code: 'bridge_unavailable',
    });
    go.succeed();
    await untilReady(served);
    expect(await served.call('backend_status')).toMatchObject({ overall_status: 'healthy', same_account: true });
    expect(go.builds()).toHaveLength(1);
    expect(await served.end()).toMatchObject({ code: 0 });
  });

  test('goes on with Baileys where the compiler fails, and says once what that said', async () => {
    const go = fakeGo();
    const served = await serve([], { ...go.env, ...own() });
    expect(await states(served)).toMatchObject({ go: building });
    go.fail('main.go:7: no such thing');
    const failed = { state: 'down', message: 'wa-bridge could not be built: main.go:7: no such thing' };
    await vi.waitFor(async () => expect(await states(served)).toMatchObject({ go: failed }), patience);
    expect(await states(served)).toMatchObject({ baileys: { state: 'unlinked' }, go: failed });
    expect(await served.call('list_chats')).toMatchObject({ chats: [] });
    expect(go.builds()).toHaveLength(1);
    await served.end();
    expect(served.server.stderr().match(/"msg":"wa-bridge does not run"/g)).toHaveLength(1);
    expect(go.kept()).toEqual([]);
  });

  test('of which wa-bridge alone is wanted tells each call that it is being built, and answers when it is', async () => {
    const go = fakeGo();
    const served = await serve(['--simulated'], { ...go.env, WHATSAPP_BRIDGE: 'whatsmeow' });
    const failure = await served.failure('list_chats');
    expect(failure).toMatchObject({ error_code: 'bridge_unavailable', message: building.message, retryable: true });
    go.succeed();
    await vi.waitFor(() => served.call('list_chats'), patience);
    expect(await states(served)).toMatchObject({ baileys: { state: 'not_configured' }, go: { linked: true } });
  });

  test('shares the build with another one, which builds itself when the first is killed', async () => {
    const go = fakeGo();
    const start = () => serve([], { ...go.env, ...own() });
    const [first, second] = [await start(), await start()];
    for (const one of [first, second]) expect(await states(one)).toMatchObject({ go: building });
    expect(go.builds()).toHaveLength(1);
    first.server.child.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(go.builds()[0] ?? 0)).toBe(false), patience);
    await vi.waitFor(() => expect(go.builds()).toHaveLength(2), patience);
    go.succeed();
    await vi.waitFor(async () => expect(await states(second)).toMatchObject({ go: { state: 'unlinked' } }), patience);
    expect(go.kept()).toEqual([expect.stringMatching(/^wa-bridge-[0-9a-f]+$/)]);
  });

  test('ends the compiler with itself, and keeps nothing of the build', async () => {
    const go = fakeGo();
    const served = await serve([], { ...go.env, ...own() });
    expect(await states(served)).toMatchObject({ go: building });
    expect(await served.end()).toMatchObject({ code: 0, signal: null });
    await vi.waitFor(() => expect(isRunning(go.builds()[0] ?? 0)).toBe(false), patience);
  });

  test('with the account of the user answers from the store, and links by wa-bridge once it is built', async () => {
    const go = fakeGo();
    const served = await serve([], { ...go.env, ...own() });
    expect(await states(served)).toMatchObject({ baileys: { state: 'unlinked' }, go: building });
    expect(await served.call('list_chats')).toMatchObject({ chats: [] });
    const failure = await served.failure('start_pairing', { bridge: 'whatsmeow' });
    expect(failure).toMatchObject({ error_code: 'bridge_unavailable', retryable: true });
    go.succeed();
    await vi.waitFor(async () => expect(await states(served)).toMatchObject({ go: { state: 'unlinked' } }), patience);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'demo shows what it waits for, and %s ends it and the compiler',
    async (signal) => {
      const go = fakeGo();
      const started = startProgram(['demo', '--messages', '100'], clientEnv(temporaryDir(), go.env));
      await vi.waitFor(() => expect(started.stdout()).toMatch(/Getting wa-bridge ready, \d+ s/), patience);
      await vi.waitFor(() => expect(go.builds()).toHaveLength(1), patience);
      started.child.kill(signal);
      expect(await started.ended).toEqual({ code: 130, signal: null });
      await vi.waitFor(() => expect(isRunning(go.builds()[0] ?? 0)).toBe(false), patience);
      expect(go.kept()).toEqual([]);
    },
  );
});
