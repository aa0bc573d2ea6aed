import { describe, expect, it } from 'vitest';
import type { Deletion } from '../../../src/domain/message.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { openIndex } from '../../../src/store/search/indexer.ts';
import { ada, type Bed, ben, change, message, messages, openBed } from '../../sync/fixtures.ts';

const second = 1_700_000_000;
const deleted = (messageId: string, chatJid = ada.pn): Deletion => ({ chatJid, messageId, at: (second + 90) * 1000 });
const said = (n: number, chatJid = ada.pn) =>
  message({ id: `A${n}`, chatJid, sender: chatJid, timestamp: second + n, content: `walrus ${n}` });

async function live(bed: Bed, batch: Omit<Parameters<Bed['sink']['ingest']>[0], 'lane'>): Promise<void> {
  bed.sink.ingest({ lane: 'live', ...batch });
  await bed.run('live');
}

const hidden = (bed: Bed) =>
  bed.rows('SELECT id FROM messages WHERE hidden_at IS NOT NULL ORDER BY id').map(({ id }) => id);

describe('a message deleted on the phone for its owner alone', () => {
  it('is in no list, search, count or unread count, and still in the database', async () => {
    const bed = openBed();
    await live(bed, { messages: [said(1), said(2), { ...said(3), type: 'image' }] });
    const index = openIndex(bed.paths.search);
    expect(index.indexNew(bed.db)).toBe(0);
    const reader = openReader(bed.paths);
    const look = () => {
      const { chats, messages: stored } = reader;
      const found = stored.query({ content: 'walrus', include_media: true, limit: 10, offset: 0 });
      return {
        found: found.items.map(({ id }) => id),
        total: found.total,
        listed: stored.list(ada.pn, { limit: 10 }).items.map(({ id }) => id),
        chat: chats.get(ada.pn).total_messages,
        last: chats.get(ada.pn).last_message?.id,
        unread: chats
          .unread({ lines: 5, limit: 5 })
          .items.map(({ unread_count, lines }) => [unread_count, lines.length]),
        counted: stored.statistics().messages_by_type,
        newest: stored.statistics().newest_message,
      };
    };
    const before = look();
    expect(before).toMatchObject({ found: ['A3', 'A2', 'A1'], total: 3, chat: 3, last: 'A3', unread: [[3, 3]] });
    await live(bed, { deletions: [deleted('A3')] });
    const after = {
      found: ['A2', 'A1'],
      total: 2,
      listed: ['A2', 'A1'],
      chat: 2,
      last: 'A2',
      unread: [[2, 2]],
      counted: { text: 2 },
      newest: new Date((second + 2) * 1000).toISOString().replace('.000', ''),
    };
    expect(look()).toEqual(after); // the index has not read it yet
    expect(index.indexNew(bed.db)).toBe(0);
    expect(look()).toEqual(after);
    expect(reader.messages.unindexed()).toBe(0);
    expect(() => reader.messages.get('A3')).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(reader.messages.context('A1', 5, 5).after.map(({ id }) => id)).toEqual(['A2']);
    expect(bed.rows("SELECT content, hidden_at FROM messages WHERE id = 'A3'")).toEqual([
      { content: 'walrus 3', hidden_at: second + 90 },
    ]);
    index.close();
    reader.close();
  });

  it('is never indexed when it was deleted before the index read it', async () => {
    const bed = openBed();
    await live(bed, { messages: [said(1), said(2)], deletions: [deleted('A2')] });
    const reader = openReader(bed.paths);
    expect(reader.messages.statistics()).toMatchObject({ total_messages: 1, text_messages: 1 });
    const index = openIndex(bed.paths.search);
    expect(index.indexNew(bed.db)).toBe(0);
    index.close();
    expect(reader.messages.unindexed()).toBe(0);
    expect(reader.messages.statistics()).toMatchObject({ total_messages: 1, text_messages: 1 });
    reader.close();
  });

  it('is hidden in any order of message, deletion and address pair, and after a redelivery', async () => {
    const steps: ((bed: Bed) => Promise<void>)[] = [
      (bed) => live(bed, { messages: [said(1), said(2)] }),
      (bed) => live(bed, { deletions: [deleted('A1', ada.lid)] }),
      (bed) => live(bed, { lidPairs: [ada] }),
      (bed) => live(bed, { messages: [said(1, ada.lid), said(3, ada.lid)] }),
    ];
    const redelivered = [
      [0, 1, 2, 3],
      [1, 0, 2, 3],
      [1, 2, 0, 3],
      [2, 1, 0, 3],
      [3, 0, 1, 2],
      [0, 3, 2, 1],
      [3, 1, 0, 2],
    ];
    const orders = [...redelivered.map((order) => [order, 2] as const), [[0, 1, 2], 1] as const];
    for (const [order, unread] of orders) {
      const bed = openBed();
      for (const step of order) await steps[step]?.(bed);
      await bed.run('live');
      expect(hidden(bed), order.join(' ')).toEqual(['A1']);
      const counts = bed.rows('SELECT unread_count AS n FROM chats WHERE merged_into IS NULL');
      expect(counts, order.join(' ')).toEqual([{ n: unread }]);
    }
  });

  it('is hidden when it moves to the chat of the deletion’s address', async () => {
    const bed = openBed();
    await live(bed, { messages: [said(1, ada.lid), said(2)], deletions: [deleted('A1')] });
    expect(hidden(bed)).toEqual([]);
    await live(bed, { lidPairs: [ada] });
    expect(hidden(bed)).toEqual(['A1']);
  });

  it('is hidden when its history is copied later, without others of its chat', async () => {
    const bed = openBed();
    await live(bed, { deletions: [deleted('M0'), deleted('M1'), deleted('M3', ben.pn)] });
    bed.stage(messages(2400, [ada.pn, ben.pn]));
    expect(await bed.run()).toMatchObject({ messages_synced: 2400 });
    expect(hidden(bed)).toEqual(['M0', 'M3']);
  });

  it('loses its text when its author revokes it for everyone', async () => {
    const bed = openBed();
    await live(bed, { messages: [said(1)], deletions: [deleted('A1')] });
    await live(bed, { changes: [change({ messageId: 'A1', kind: 'revoke', value: '' })] });
    expect(bed.rows('SELECT type, content, hidden_at IS NOT NULL AS hidden FROM messages')).toEqual([
      { type: 'revoked', content: '', hidden: 1 },
    ]);
  });
});

it('A chat cleared on the phone keeps its messages here and shows the last time of clearing', async () => {
  const bed = openBed();
  await live(bed, { messages: [said(1)], settings: [{ jid: ada.pn, clearedAt: second + 50, readUpto: second + 50 }] });
  await live(bed, { settings: [{ jid: ada.pn, clearedAt: second + 40 }] });
  const reader = openReader(bed.paths);
  expect(reader.chats.get(ada.pn)).toMatchObject({
    total_messages: 1,
    unread_count: 0,
    cleared_at: new Date((second + 50) * 1000).toISOString().replace('.000', ''),
  });
  reader.close();
});
