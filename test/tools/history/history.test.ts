import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { connect } from '../../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../../support/fakes/fake-bridge.ts';
import { fakeServices, fakeStore, fakeSync, historyProgress } from '../../support/fakes/fake-services.ts';
import { storedPage } from '../../support/fakes/pages.ts';
import { shown } from '../../support/rows/shown.ts';

const arriving = { progress: () => historyProgress({ messagesSynced: 40 }), pendingRows: () => 0 };

describe('retrieve_full_history', () => {
  it('answers the fields of the contract, at once when all has arrived', async () => {
    const { succeed } = await connect();
    expect(await succeed('retrieve_full_history', { wait_for_completion: true, timeout: 1200 })).toEqual({
      success: true,
      status: 'completed',
      messages_synced: 1,
      chats_synced: expect.any(Number),
      sync_duration_seconds: expect.any(Number),
      progress_percent: 100,
      message: expect.any(String),
      served_by: 'baileys',
    });
  });

  it('answers at once what has arrived when told not to wait', async () => {
    const { succeed } = await connect(fakeServices({ history: arriving }));
    expect(await succeed('retrieve_full_history', { wait_for_completion: false, timeout: null })).toMatchObject({
      status: 'in_progress',
      messages_synced: 40,
      progress_percent: 40,
      served_by: 'baileys',
    });
  });

  it('says that a phone must be linked first', async () => {
    const full = async () => ({ state: 'unlinked' as const, pending_chunks: 0 });
    const bridges = fakeBridges(fakeBridge('baileys', 'unlinked', { 'history.full': full }));
    const { fail } = await connect(fakeServices({ bridges, history: arriving }));
    expect(await fail('retrieve_full_history')).toMatchObject({
      error_code: 'not_linked',
      hint: expect.stringContaining('start_pairing'),
    });
  });
});

describe('sync_history_to_database', () => {
  it('answers what was copied, skipped and failed', async () => {
    const sync = fakeSync({ messages_synced: 8432, duplicates_skipped: 3, failed: 1, chats_synced: 67 });
    const { succeed } = await connect(fakeServices({ sync }));
    expect(await succeed('sync_history_to_database')).toEqual({
      success: true,
      status: 'completed',
      messages_synced: 8432,
      duplicates_skipped: 3,
      failed: 1,
      chats_synced: 67,
      sync_duration_seconds: expect.any(Number),
      message: expect.stringContaining('8432'),
    });
  });

  it('answers what was copied so far when it takes longer than a client waits that shows no progress', async () => {
    const sync = fakeSync();
    const limits: number[] = [];
    sync.copyHistory = async ({ limitMs }) => {
      limits.push(limitMs);
      return { messages_synced: 9, duplicates_skipped: 0, failed: 0, chats_synced: 2, status: 'in_progress' };
    };
    const { succeed } = await connect(fakeServices({ sync }));
    expect(await succeed('sync_history_to_database')).toMatchObject({
      status: 'in_progress',
      messages_synced: 9,
      message: expect.stringContaining('call sync_history_to_database again'),
    });
    expect(limits).toEqual([45_000]);
  });

  it('passes on why it failed, and that it can be repeated', async () => {
    const sync = fakeSync();
    sync.copyHistory = async () => {
      throw new AppError('database_sync_failed', 'The disk is full.');
    };
    const { fail } = await connect(fakeServices({ sync }));
    expect(await fail('sync_history_to_database')).toMatchObject({
      error_code: 'database_sync_failed',
      message: 'The disk is full.',
      retryable: true,
    });
  });
});

describe('get_sync_checkpoints', () => {
  it('answers one line a chat and the number of all', async () => {
    const store = fakeStore();
    const checkpoint = {
      chat_jid: '15550100002@s.whatsapp.net',
      chat_name: 'Ada',
      status: 'completed' as const,
      messages_synced: 7,
      oldest_message_id: '3EB0A1',
      oldest_timestamp: '2025-02-01T10:00:00Z',
      updated_at: '2026-11-20T12:00:00Z',
      completed_at: null,
      error: null,
    };
    store.checkpoints.list = (limit, cursor) => ({
      ...storedPage([checkpoint], `${limit} ${cursor}`),
      count: 67,
    });
    const { succeed } = await connect(fakeServices({ store }));
    expect(await succeed('get_sync_checkpoints', { limit: 1, cursor: 'c' })).toEqual(
      shown({
        success: true,
        count: 67,
        checkpoints: [checkpoint],
        truncated: true,
        next_cursor: '1 c',
      }),
    );
  });
});

describe('clear_temp_storage', () => {
  it('deletes what was copied, and the rest only when forced', async () => {
    const sync = fakeSync();
    const forced: boolean[] = [];
    sync.clearStaging = async (force) => {
      forced.push(force);
      return { messages_deleted: 5 };
    };
    const { succeed } = await connect(fakeServices({ sync }));
    expect(await succeed('clear_temp_storage')).toEqual({ success: true, messages_deleted: 5 });
    await succeed('clear_temp_storage', { force: true });
    expect(forced).toEqual([false, true]);
  });

  it('refuses with the safe next step first, and does not name the one that loses messages', async () => {
    const sync = fakeSync();
    sync.clearStaging = async () => {
      throw new AppError('database_sync_pending', '7 received messages are nowhere else yet.');
    };
    const { fail } = await connect(fakeServices({ sync }));
    const error = await fail('clear_temp_storage');
    expect(error).toMatchObject({ error_code: 'database_sync_pending', retryable: false });
    expect(error['hint']).toMatch(/^Call sync_history_to_database first/);
    expect(JSON.stringify(error)).not.toContain('force');
  });
});
