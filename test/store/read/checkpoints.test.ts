import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
});
afterEach(() => db.close());

function checkpoint(chatId: number, fields: Record<string, unknown> = {}): void {
  const row = {
    chat_id: chatId,
    status: 'completed',
    messages_synced: 5,
    started_at: start,
    updated_at: start + chatId,
    ...fields,
  };
  const names = Object.keys(row);
  db.db.prepare(`INSERT INTO checkpoints (${names}) VALUES (${names.map((name) => `@${name}`)})`).run(row);
}

describe('checkpoints', () => {
  test('are listed latest change first, under the name and address of their chat', () => {
    checkpoint(db.chat('120363000000000001@g.us', { name: 'Family' }), {
      oldest_message_id: 'OLD',
      oldest_timestamp: start - 60,
      completed_at: start + 2,
    });
    db.contact('15550101@s.whatsapp.net', { lid: '200000000000001@lid', push_name: 'Ana' });
    checkpoint(db.chat('200000000000001@lid'), { status: 'failed', error: 'no answer' });
    expect(db.reader.checkpoints.list(10)).toEqual({
      count: 2,
      next_cursor: null,
      cursors: [expect.any(String), expect.any(String)],
      items: [
        {
          chat_jid: '15550101@s.whatsapp.net',
          chat_name: '~Ana',
          status: 'failed',
          messages_synced: 5,
          oldest_message_id: null,
          oldest_timestamp: null,
          updated_at: '2025-01-01T00:00:02Z',
          completed_at: null,
          error: 'no answer',
        },
        {
          chat_jid: '120363000000000001@g.us',
          chat_name: 'Family',
          status: 'completed',
          messages_synced: 5,
          oldest_message_id: 'OLD',
          oldest_timestamp: '2024-12-31T23:59:00Z',
          updated_at: '2025-01-01T00:00:01Z',
          completed_at: '2025-01-01T00:00:02Z',
          error: null,
        },
      ],
    });
  });

  test('are listed page by page, also when several changed in one second', () => {
    for (let n = 1; n <= 7; n++)
      checkpoint(db.chat(`12036300000000000${n}@g.us`), { updated_at: start + (n > 4 ? 1 : 0) });
    const seen: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = db.reader.checkpoints.list(2, cursor ?? undefined);
      expect(page.count).toBe(7);
      seen.push(...page.items.map(({ chat_jid }) => chat_jid[17] as string));
      cursor = page.next_cursor;
      if (!cursor) break;
    }
    expect(seen.join('')).toBe('7654321');
  });

  test('of merged chats are listed once', () => {
    const [old, whole, lone, end] = [
      db.chat('200000000000001@lid'),
      db.chat('15550101@s.whatsapp.net'),
      db.chat('200000000000002@lid'),
      db.chat('15550102@s.whatsapp.net'),
    ];
    checkpoint(old);
    checkpoint(whole);
    checkpoint(lone);
    db.merge(old, whole);
    db.merge(lone, end);
    const { count, items } = db.reader.checkpoints.list(10);
    expect(count).toBe(2);
    expect(items.map(({ chat_jid }) => chat_jid)).toEqual(['15550102@s.whatsapp.net', '15550101@s.whatsapp.net']);
  });

  test('are empty at first', () => {
    expect(db.reader.checkpoints.list(10)).toEqual({ count: 0, items: [], next_cursor: null, cursors: [] });
  });
});
