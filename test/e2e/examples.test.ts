import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endAll, sharing } from '../support/at-end.ts';
import { at, browseCatalog } from '../support/e2e/catalog.ts';
import { type Answer, type ServedClient, serve } from '../support/e2e/client.ts';
import { figures } from '../support/e2e/figures.ts';

function inside(answer: Answer, key: string): Answer {
  return at(answer, key) as Answer;
}

async function retrieve({ call }: ServedClient): Promise<Answer> {
  return call('retrieve_full_history', { wait_for_completion: true, timeout: 1200 }, () => {});
}

/** One server on a fresh account for the tests of a group; each test continues where the previous one ended. */
function served(): () => ServedClient {
  let server: ServedClient;
  beforeAll(async () => {
    server = await sharing(() => serve(['--simulated']));
  });
  afterAll(endAll);
  return () => server;
}

/** The function of Example 8: its output, and the messages that it groups. */
async function searchHistoricalMessages({ call }: ServedClient, term: string, afterDate: string | null) {
  const printed: string[] = [];
  const statistics = await call('get_message_statistics');
  if (at(statistics, 'total_messages') === 0) {
    const history = await call('retrieve_full_history', { wait_for_completion: true, timeout: 1200 }, () => {});
    expect(at(history, 'success')).toBe(true);
    await call('sync_history_to_database');
    printed.push('History synced');
  } else {
    printed.push(`Database has ${at(statistics, 'total_messages')} messages`);
  }
  const results = await call('query_synced_messages', { content: term, after_time: afterDate, limit: 50 });
  const messages = at(results, 'messages') as Answer[];
  for (const message of messages) {
    const content = at(message, 'content') as string;
    printed.push(
      `${at(message, 'chat_jid')} [${at(message, 'timestamp')}] ${message['sender_name']}: ${content.slice(0, 60)}`,
    );
  }
  return { printed, messages, total: at(results, 'total') as number };
}

describe('On a fresh account, and when its history is copied', () => {
  const server = served();
  /** What Example 3 prints of the steps that are Examples 1 and 2 too. */
  const printed: string[] = [];

  test('Example 3 begins: the backends are healthy', async () => {
    const health = await server().call('backend_status');
    expect(inside(health, 'go_bridge')).toHaveProperty('healthy');
    expect(inside(health, 'baileys_bridge')).toHaveProperty('healthy', true);
    expect(at(health, 'overall_status')).toBe('healthy');
  });

  test('Example 1: the full history is retrieved', async () => {
    const result = await retrieve(server());
    printed.push(`Retrieved ${at(result, 'messages_synced')} messages`);
    expect(at(result, 'success')).toBe(true);
    expect(at(result, 'messages_synced')).toBe(figures.messages);
    expect(at(result, 'sync_duration_seconds')).toEqual(expect.any(Number));
    expect(at(result, 'status')).toBe('completed');
    expect(at(result, 'message')).toEqual(expect.any(String));
  });

  test('Example 2: retrieved messages are copied once', async () => {
    const { call } = server();
    const result = await call('sync_history_to_database');
    printed.push(`Synced ${at(result, 'messages_synced')} messages`);
    printed.push(`Duplicates skipped: ${at(result, 'duplicates_skipped')}`);
    expect(at(result, 'success')).toBe(true);
    expect(at(result, 'messages_synced')).toBe(figures.messages);
    expect(at(result, 'duplicates_skipped')).toBe(0);
    expect(at(result, 'failed')).toBe(0);
  });

  test('Example 3: the complete setup prints what the example says it prints', async () => {
    const { call } = server();
    const statistics = await call('get_message_statistics');
    printed.push(
      `Total messages: ${at(statistics, 'total_messages')}`,
      `Total chats: ${at(statistics, 'total_chats')}`,
      `Media messages: ${at(statistics, 'media_messages')}`,
      `Text messages: ${at(statistics, 'text_messages')}`,
    );
    expect(printed).toEqual([
      'Retrieved 8432 messages',
      'Synced 8432 messages',
      'Duplicates skipped: 0',
      'Total messages: 8432',
      'Total chats: 67',
      'Media messages: 2145',
      'Text messages: 6287',
    ]);
  });

  test('Example 2: the second time there is nothing to copy', async () => {
    const again = await server().call('sync_history_to_database');
    expect(again).toMatchObject({ success: true, messages_synced: 0, duplicates_skipped: 0, failed: 0 });
  });

  test('Example 8: history is searched at once when it is there, and from the beginning when after_date is None', async () => {
    const recent = await searchHistoricalMessages(server(), 'birthday', '2025-01-01T00:00:00Z');
    const all = await searchHistoricalMessages(server(), 'birthday', null);
    expect(recent.printed[0]).toBe('Database has 8432 messages');
    expect(all.total).toBeGreaterThanOrEqual(recent.total);
  });

  test('Example 9: the catalog of a business is browsed', async () => {
    const printed = await browseCatalog(server(), '1234567890@s.whatsapp.net');
    expect(printed.slice(0, 8)).toEqual([
      'Business: Bread, cakes and small gifts from the harbour 🥐',
      'Category: Bakery',
      'Catalog: 25 products',
      'Harbour sourdough',
      '  Price: 6.50',
      '  ID: 7100000000000001',
      expect.stringMatching(/^ {2}Description: Baked every morning.{1,81}$/s),
      '  Availability: in_stock',
    ]);
    expect(printed).toHaveLength(3 + 10 * 5);
    expect(printed.filter((line) => line.startsWith('  Availability: ')).map((line) => line.slice(16))).toEqual(
      expect.arrayContaining(['in_stock', 'out_of_stock', 'preorder', 'available_for_order']),
    );
  });

  test('Example 10: a synced system is ready for operations', async () => {
    const { call } = server();
    const status = await call('backend_status');
    expect(at(status, 'overall_status')).toBe('healthy');
    expect(inside(status, 'go_bridge')).toHaveProperty('healthy', false); // it was not set up, so it does not count
    expect(inside(status, 'baileys_bridge')).toHaveProperty('healthy', true);

    const statistics = await call('get_message_statistics');
    expect(at(statistics, 'total_messages')).toBe(figures.messages);
    expect(at(statistics, 'total_chats')).toBe(figures.chats);
    expect(Date.parse(String(at(statistics, 'oldest_message')))).toBeLessThan(
      Date.parse(String(at(statistics, 'newest_message'))),
    );

    const baileys = await call('get_baileys_sync_status');
    expect(at(baileys, 'syncing')).toBe(false);
    expect(at(baileys, 'progress_percent')).toBe(100);
    expect(at(baileys, 'messages_synced')).toBe(figures.messages);

    const checkpoints = await call('get_sync_checkpoints');
    expect(at(checkpoints, 'count')).toBe(figures.chats);
    const list = at(checkpoints, 'checkpoints') as Answer[];
    for (const checkpoint of list.slice(0, 5)) {
      expect(at(checkpoint, 'chat_jid')).toMatch(/@/);
      expect(at(checkpoint, 'messages_synced')).toEqual(expect.any(Number));
    }
  });
});

describe('On an account whose history arrives', () => {
  const server = served();

  test('Example 6: the progress can be watched, never goes back, and ends', async () => {
    const { call } = server();
    const seen: { progress: number; messages: number }[] = [];
    let status = await call('get_baileys_sync_status');
    expect(at(status, 'syncing')).toBe(true);
    while (at(status, 'syncing') === true) {
      seen.push({
        progress: at(status, 'progress_percent') as number,
        messages: at(status, 'messages_synced') as number,
      });
      await sleep(20); // a monitor: the example itself polls
      status = await call('get_baileys_sync_status');
    }
    for (const { progress } of seen) expect(progress.toFixed(1)).toMatch(/^\d{1,3}\.\d$/);
    for (const field of ['progress', 'messages'] as const) {
      const values = seen.map((one) => one[field]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
    expect(status).toMatchObject({ progress_percent: 100, messages_synced: figures.messages, status: 'completed' });
  });

  test('Example 8: history is searched after it was fetched, when the database is empty', async () => {
    const { printed, messages, total } = await searchHistoricalMessages(server(), 'birthday', '2025-01-01T00:00:00Z');
    expect(printed[0]).toBe('History synced');
    expect(total).toBeGreaterThan(0);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThanOrEqual(50);
    for (const message of messages) {
      expect(`${message['content']} ${message['filename']} ${message['snippet']}`).toMatch(/birthday/i); // file names and titles are searched too
      expect(Date.parse(String(message['timestamp']))).toBeGreaterThanOrEqual(Date.UTC(2025, 0, 1));
    }
  });
});
