import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { knownVersion } from '../../src/store/sqlite/database.ts';
import { testConfig } from '../support/fakes/config.ts';

const folders: string[] = [];
const apps: App[] = [];

/** An app on an empty data directory that does not exist yet. */
function freshApp(changes: Partial<Config> = {}): { app: App; dataDir: string } {
  const parent = mkdtempSync(join(tmpdir(), 'whatsapp-app-'));
  folders.push(parent);
  const dataDir = join(parent, 'data');
  const app = createApp({ ...testConfig(dataDir), ...changes });
  apps.push(app);
  return { app, dataDir };
}

async function value(app: App, name: string, args: object = {}): Promise<Record<string, unknown>> {
  const outcome = await app.runTool(name, args);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the app', () => {
  it('touches nothing before a call, and nothing for a call that is wrong', async () => {
    const { app, dataDir } = freshApp();
    expect(await app.runTool('no_tool', {})).toMatchObject({ ok: false });
    expect(await app.runTool('list_chats', { limit: 0 })).toMatchObject({ ok: false });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('reads an empty store without any bridge', async () => {
    const { app, dataDir } = freshApp();
    expect(await value(app, 'query_synced_messages', { content: 'birthday' })).toMatchObject({
      total: 0,
      messages: [],
    });
    expect(await value(app, 'get_message_statistics')).toMatchObject({ total_messages: 0, total_chats: 0 });
    expect(await value(app, 'list_chats')).toMatchObject({ total: 0, chats: [] });
    expect(await value(app, 'get_sync_checkpoints')).toMatchObject({ count: 0, checkpoints: [] });
    expect(existsSync(join(dataDir, 'baileys', 'auth.db'))).toBe(false);
  });

  it('says that no phone is linked, and what to do', async () => {
    const { app } = freshApp();
    expect(await value(app, 'backend_status')).toMatchObject({
      overall_status: 'unhealthy',
      baileys_bridge: { state: 'unlinked', healthy: false },
      go_bridge: { state: 'not_configured' },
      database: { healthy: true, schema_version: knownVersion() },
      next_step: expect.stringContaining('start_pairing'),
    });
    const outcome = await app.runTool('retrieve_full_history', {});
    expect(outcome).toMatchObject({ ok: false, error: { error_code: 'not_linked' } });
  });

  it('copies nothing when nothing is waiting', async () => {
    const { app } = freshApp();
    expect(await value(app, 'get_baileys_sync_status')).toMatchObject({ status: 'not_started', syncing: false });
    expect(await value(app, 'sync_history_to_database')).toMatchObject({ messages_synced: 0, failed: 0 });
    expect(await value(app, 'clear_temp_storage')).toMatchObject({ messages_deleted: 0 });
  });

  it('leaves a bridge out when the configuration says so', async () => {
    const { app } = freshApp({ bridge: 'whatsmeow' });
    expect(await value(app, 'backend_status')).toMatchObject({
      baileys_bridge: { state: 'not_configured', message: 'WHATSAPP_BRIDGE is whatsmeow.' },
    });
  });

  it('closes twice, and without having opened anything', async () => {
    const { app } = freshApp();
    await app.close();
    const used = freshApp().app;
    await value(used, 'backend_status');
    await used.close();
    await used.close();
  });
});
