import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const me = { jid: '15550100@s.whatsapp.net', lid: '200000000000000@lid' };
const ana = '15550101@s.whatsapp.net';
const family = '120363000000000001@g.us';

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  db.db.prepare("INSERT INTO meta (key, value) VALUES ('account_jid', ?), ('account_lid', ?)").run(me.jid, me.lid);
});
afterEach(() => db.close());

const unread = (lines = 2, limit = 10, cursor?: string) =>
  db.reader.chats.unread({ lines, limit, ...(cursor ? { cursor } : {}) });

function chatWith(jid: string, unread_count: number, at: number): number {
  const chat = db.chat(jid, { unread_count, last_message_at: start + at });
  for (let n = 0; n < 4; n++) db.message(chat, { id: `${jid}-${n}`, timestamp: start + at - 3 + n, sender: ana });
  return chat;
}

describe('unread chats', () => {
  test('are listed newest first, each with its last unread lines, oldest first, and without read chats', () => {
    chatWith(ana, 3, 100);
    chatWith(family, 1, 200);
    chatWith('120363000000000002@g.us', 0, 300);
    const { items, total } = unread();
    expect(total).toBe(2);
    expect(items.map(({ chat_jid, lines }) => [chat_jid, lines.map(({ id }) => id)])).toEqual([
      [family, [`${family}-3`]],
      [ana, [`${ana}-2`, `${ana}-3`]],
    ]);
  });

  test('never count own messages as unread', () => {
    const chat = chatWith(ana, 1, 100);
    db.message(chat, { id: 'mine', timestamp: start + 150, from_me: 1 });
    expect(unread().items[0]?.lines.map(({ id }) => id)).toEqual([`${ana}-3`]);
  });

  test('show the unread messages that mention the account, under either address, and no others', () => {
    const chat = chatWith(family, 3, 100);
    const mention = (id: string, at: number, ...mentions: string[]) =>
      db.message(chat, { id, timestamp: start + at, sender: ana, details: JSON.stringify({ mentions }) });
    mention('read already', 50, me.jid);
    mention('by number', 201, me.jid);
    mention('of another', 202, ana);
    mention('hidden', 203, ana, me.lid);
    expect(unread(0).items[0]).toMatchObject({
      lines: [],
      mentions_of_me: [{ id: 'hidden' }, { id: 'by number' }],
    });
  });

  test('are one list over all pages', () => {
    for (let n = 0; n < 7; n++) chatWith(`12036300000000010${n}@g.us`, 1, 100 + n);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = unread(1, 3, cursor);
      seen.push(...page.items.map(({ chat_jid }) => chat_jid));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `12036300000000010${n}@g.us`));
  });
});
