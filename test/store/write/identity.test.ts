import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/domain/message.ts';
import { ada, type Bed, ben, change, eve, group, message, openBed } from '../../sync/fixtures.ts';

/** A chat as a reader sees it: merges are followed, senders are resolved. */
function view(bed: Bed) {
  return {
    chats: bed.rows(
      'SELECT jid, kind, name, pn, lid, last_message_at FROM chats WHERE merged_into IS NULL ORDER BY jid',
    ),
    contacts: bed.rows(
      'SELECT jid, pn, lid, saved_name, push_name, business_name FROM contacts WHERE merged_into IS NULL ORDER BY jid',
    ),
    aliases: bed.rows('SELECT alias, c.jid FROM chat_aliases a JOIN chats c ON c.id = a.chat_id ORDER BY alias'),
    messages: bed.rows(`
      SELECT c.jid, m.id, m.timestamp, m.type, m.content, m.edited_at,
        coalesce((SELECT p.jid FROM contact_aliases a JOIN contacts p ON p.id = a.contact_id WHERE a.alias = m.sender), m.sender) AS sender
      FROM messages m JOIN chats c ON c.id = m.chat_id ORDER BY c.jid, m.id`),
    changes: bed.rows(
      'SELECT c.jid, message_id, x.kind, value FROM changes x JOIN chats c ON c.id = x.chat_id ORDER BY 1, 2, 3, 4',
    ),
    conflicts: bed.rows('SELECT c.jid, x.id FROM conflicts x JOIN chats c ON c.id = x.chat_id ORDER BY 1, 2'),
    left: bed.rows(
      'SELECT count(*) AS n FROM messages WHERE chat_id IN (SELECT id FROM chats WHERE merged_into IS NOT NULL)',
    ),
  };
}

describe('identity', () => {
  it('puts both addresses of one person into one chat under the PN', async () => {
    const bed = openBed();
    bed.stage([message({ chatJid: ada.lid, sender: ada.lid, id: 'L1' }), message({ id: 'P1' })]);
    expect(await bed.run()).toMatchObject({ messages_synced: 2, chats_synced: 2 });
    bed.sink.ingest({ lane: 'live', lidPairs: [ada] });
    await bed.run('live');
    expect(view(bed)).toMatchObject({
      chats: [{ jid: ada.pn, pn: ada.pn, lid: ada.lid }],
      messages: [
        { jid: ada.pn, id: 'L1', sender: ada.pn },
        { jid: ada.pn, id: 'P1' },
      ],
      left: [{ n: 0 }],
    });
    expect(bed.rows('SELECT wire_chat FROM messages ORDER BY id')).toEqual([
      { wire_chat: ada.lid },
      { wire_chat: null },
    ]);
  });

  it('shows a chat known only by LID under that, until the PN is known', async () => {
    const bed = openBed();
    bed.stage([message({ chatJid: ada.lid, sender: ada.lid })]);
    await bed.run();
    expect(view(bed).chats).toMatchObject([{ jid: ada.lid, pn: null, lid: ada.lid }]);
    bed.sink.ingest({ lane: 'live', contacts: [{ jid: ada.pn, lid: ada.lid, savedName: 'Ada' }] });
    await bed.run('live');
    expect(view(bed)).toMatchObject({
      chats: [{ jid: ada.pn, pn: ada.pn, lid: ada.lid }],
      contacts: [{ jid: ada.pn, lid: ada.lid, saved_name: 'Ada' }],
    });
  });

  it('moves the rows of a merged chat at most a thousand at a time, and counts shared ones once', async () => {
    const bed = openBed();
    const both = Array.from({ length: 2500 }, (_, index) => `M${index}`);
    bed.stage(both.map((id) => message({ chatJid: ada.lid, sender: ada.lid, id })));
    bed.stage(both.slice(0, 700).map((id) => message({ id })));
    expect(await bed.run()).toMatchObject({ messages_synced: 3200 });
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    expect(await bed.run()).toMatchObject({ messages_synced: 0, duplicates_skipped: 700 });
    expect(view(bed).messages).toHaveLength(2500);
    expect(bed.rows('SELECT messages_synced FROM checkpoints')).toEqual([{ messages_synced: 2500 }]);
  });

  it('resolves a merging chat for every reader while its rows move', async () => {
    const bed = openBed();
    bed.stage([message({ chatJid: ada.lid, sender: ada.lid, id: 'L1' }), message({ id: 'P1' })]);
    await bed.run();
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    const stopped = new AbortController();
    stopped.abort();
    await expect(bed.run('history', { signal: stopped.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(bed.rows('SELECT count(DISTINCT chat_id) AS n FROM chat_aliases')).toEqual([{ n: 1 }]);
    expect(view(bed).left).toEqual([{ n: 1 }]);
    await bed.run();
    expect(view(bed).left).toEqual([{ n: 0 }]);
  });

  it('moves the changes of a row together with it', async () => {
    const bed = openBed();
    const ids = Array.from({ length: 1500 }, (_, index) => `M${String(index).padStart(4, '0')}`);
    bed.stage(ids.map((id) => message({ chatJid: ada.lid, sender: ada.lid, id })));
    bed.stage([message({ id: 'P1' })]);
    const edit = { chatJid: ada.lid, actor: ada.lid };
    bed.sink.ingest({ lane: 'history', changes: ids.map((messageId) => change({ ...edit, messageId })) });
    await bed.run();
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    // The signal aborts in the pause after the first thousand rows: the first check is at the pairs, the second here.
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 1;
      },
    } as AbortSignal;
    await expect(bed.run('history', { signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(bed.rows('SELECT count(*) AS n FROM messages GROUP BY chat_id ORDER BY n')).toEqual([
      { n: 500 },
      { n: 1001 },
    ]);
    expect(
      bed.rows(`SELECT count(*) AS n FROM changes x WHERE NOT EXISTS
        (SELECT 1 FROM messages m WHERE m.chat_id = x.chat_id AND m.id = x.message_id)`),
    ).toEqual([{ n: 0 }]);
  });

  it('lets the last pair count: the PN that a LID left becomes a chat of its own again', async () => {
    const bed = openBed();
    bed.stage([message(), message({ chatJid: ben.pn, sender: ben.pn })]);
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    await bed.run();
    bed.sink.ingest({ lane: 'history', lidPairs: [{ lid: ada.lid, pn: ben.pn }] });
    await bed.run();
    expect(view(bed).aliases).toEqual([
      { alias: ada.pn, jid: ada.pn },
      { alias: ben.pn, jid: ben.pn },
      { alias: ada.lid, jid: ben.pn },
    ]);
  });

  it('resolves a conflict when its author turns out to be the same person', async () => {
    const bed = openBed();
    bed.stage([message({ chatJid: group, sender: ada.pn, content: '' })]);
    bed.stage([message({ chatJid: group, sender: ada.lid, content: 'said' })]);
    expect(await bed.run()).toMatchObject({ messages_synced: 1, failed: 1 });
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    await bed.run();
    expect(view(bed)).toMatchObject({ conflicts: [], messages: [{ id: 'A0', content: 'said' }] });
  });

  it('survives a PN that moves to another person', async () => {
    const bed = openBed();
    for (const pair of [ada, { lid: ada.lid, pn: ben.pn }, { lid: eve.lid, pn: ada.pn }]) {
      bed.stage([message({ chatJid: pair.lid, id: pair.lid }), message({ chatJid: pair.pn, id: pair.pn })]);
      bed.sink.ingest({ lane: 'history', lidPairs: [pair] });
      expect(await bed.run()).toMatchObject({ failed: 0 });
    }
    expect(view(bed).left).toEqual([{ n: 0 }]);
  });

  it('ends with the same store in any order of rows, names and pairs', async () => {
    type Step = (bed: Bed) => void;
    const row =
      (overrides: Partial<Message>): Step =>
      (bed) =>
        bed.stage([message(overrides)]);
    const steps: Step[] = [
      row({ chatJid: ada.lid, sender: ada.lid, id: 'A1', timestamp: 500 }),
      row({ chatJid: ada.pn, sender: ada.pn, id: 'A1', timestamp: 400 }),
      row({ chatJid: ada.lid, sender: ada.lid, id: 'A2', content: '' }),
      row({ chatJid: ada.pn, sender: null, id: 'A2', content: 'filled' }),
      row({ chatJid: group, sender: ada.lid, id: 'G1' }),
      row({ chatJid: group, sender: ada.pn, id: 'G1' }),
      (bed) => bed.sink.ingest({ lane: 'history', lidPairs: [ada] }),
      (bed) => bed.sink.ingest({ lane: 'live', contacts: [{ jid: ada.lid, pushName: 'ada' }] }),
      (bed) => bed.sink.ingest({ lane: 'live', contacts: [{ jid: ada.pn, savedName: 'Ada' }] }),
      (bed) => bed.sink.ingest({ lane: 'history', chats: [{ jid: ada.lid, name: 'Ada' }] }),
      (bed) =>
        bed.sink.ingest({ lane: 'live', changes: [change({ chatJid: ada.lid, messageId: 'A1', actor: ada.lid })] }),
    ];
    const run = async (order: readonly number[], transfers: readonly boolean[]) => {
      const bed = openBed();
      for (const [position, index] of order.entries()) {
        steps[index]?.(bed);
        if (transfers[position]) await bed.run();
        if (transfers[position]) await bed.run('live');
      }
      await bed.run();
      await bed.run('live');
      return view(bed);
    };
    const natural = steps.map((_, index) => index);
    const expected = await run(natural, []);
    expect(expected.messages).toHaveLength(3);
    expect(expected.conflicts).toEqual([]);
    const orders = fc.shuffledSubarray(natural, { minLength: natural.length, maxLength: natural.length });
    const transfers = fc.array(fc.boolean(), { minLength: natural.length, maxLength: natural.length });
    await fc.assert(
      fc.asyncProperty(orders, transfers, async (order, moments) => {
        expect(await run(order, moments)).toEqual(expected);
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});
