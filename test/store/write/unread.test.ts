import { describe, expect, it } from 'vitest';
import type { MessageChange } from '../../../src/domain/message.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { ada, type Bed, ben, change, me, message, messages, openBed } from '../../sync/fixtures.ts';

const second = 1_700_000_000;

/** The nth message of a direct chat, one second after the previous one. */
const said = (n: number, chatJid = ada.pn) =>
  message({ id: `A${n}`, chatJid, sender: chatJid, timestamp: second + n, content: `text ${n}` });
const readBy = (n: number): MessageChange =>
  change({ messageId: `A${n}`, kind: 'receipt', actor: me.jid, at: (second + 100) * 1000, value: 'read' });

const unread = (bed: Bed) => bed.rows('SELECT sum(unread_count) AS n FROM chats WHERE merged_into IS NULL')[0]?.['n'];

async function both(bed: Bed): Promise<void> {
  await bed.run('history');
  await bed.run('live');
}

describe('the unread count', () => {
  it('is what the phone reported plus later messages, without earlier ones', async () => {
    const bed = openBed();
    bed.sink.ingest({
      lane: 'history',
      chats: [{ jid: ada.pn, unreadCount: 2, lastMessageAt: second + 3 }],
      messages: [said(1), said(2), said(3)],
    });
    await bed.run();
    expect(unread(bed)).toBe(2);
    bed.sink.ingest({ lane: 'live', messages: [said(4), { ...said(5), fromMe: true, sender: me.jid }] });
    await bed.run('live');
    expect(unread(bed)).toBe(3);
  });

  it('drops to the messages after the phone’s read mark, whatever its count was', async () => {
    const bed = openBed();
    bed.sink.ingest({ lane: 'live', messages: [said(1), said(2), said(3)] });
    await bed.run('live');
    expect(unread(bed)).toBe(3);
    bed.sink.ingest({ lane: 'live', settings: [{ jid: ada.pn, readUpto: second + 2 }] });
    await bed.run('live');
    expect(unread(bed)).toBe(1);
    bed.sink.ingest({ lane: 'history', chats: [{ jid: ada.pn, unreadCount: 9, lastMessageAt: second + 1 }] });
    await bed.run();
    expect(unread(bed)).toBe(1);
  });

  it('drops with an own device’s receipt for a single message', async () => {
    const bed = openBed();
    bed.sink.ingest({ lane: 'live', messages: [said(1), said(2), said(3)], changes: [readBy(2)] });
    await bed.run('live');
    expect(unread(bed)).toBe(1);
  });

  it('includes a chat that the phone marked as unread, until it is read again', async () => {
    const bed = openBed();
    bed.sink.ingest({ lane: 'live', messages: [said(1)], settings: [{ jid: ada.pn, readUpto: second + 2 }] });
    bed.sink.ingest({ lane: 'live', settings: [{ jid: ada.pn, unreadCount: 1, unreadAt: second + 3 }] });
    await bed.run('live');
    expect(unread(bed)).toBe(1);
    bed.sink.ingest({ lane: 'live', settings: [{ jid: ada.pn, readUpto: second + 4 }] });
    await bed.run('live');
    expect(unread(bed)).toBe(0);
  });

  it('leaves out messages from before the device was linked', async () => {
    const bed = openBed({ now: () => (second + 10) * 1000 });
    bed.sink.onLinked(me);
    bed.stage([said(1), said(2)]);
    bed.sink.ingest({ lane: 'live', messages: [said(11)] });
    await both(bed);
    expect(unread(bed)).toBe(1);
  });

  it('is computed once for each chat of a copy, however many transactions that takes', async () => {
    const bed = openBed();
    bed.db.exec(`CREATE TABLE counted (chat_id INTEGER);
      CREATE TRIGGER counting AFTER UPDATE OF unread_count ON chats BEGIN INSERT INTO counted VALUES (new.id); END;`);
    bed.stage(messages(4500, [ada.pn, ben.pn]));
    await bed.run();
    expect(bed.rows('SELECT count(*) AS n FROM counted')).toEqual([{ n: 2 }]);
    expect(unread(bed)).toBe(4500);
    bed.stage(messages(4500, [ada.pn, ben.pn]));
    await bed.run();
    expect(bed.rows('SELECT count(*) AS n FROM counted')).toEqual([{ n: 2 }]);
  });

  it.each([
    ['at the end of a chat', 'committed', 2],
    ['within a chat', 'written', 2],
    ['behind the last row', 'committed', 4],
  ])('is right when a copy was stopped %s', async (_where, point, nth) => {
    const bed = openBed();
    bed.stage(messages(4000, [ada.pn, ben.pn]));
    let times = 0;
    const at = (reached: string) => {
      if (reached === point && ++times === nth) throw new Error('stopped');
    };
    await expect(bed.run('history', { at })).rejects.toThrow('stopped');
    await bed.run();
    expect(unread(bed)).toBe(4000);
  });

  it('is equal in any order of reports, messages, marks, receipts and addresses', async () => {
    const steps: ((bed: Bed) => void)[] = [
      (bed) =>
        bed.sink.ingest({
          lane: 'history',
          chats: [{ jid: ada.pn, unreadCount: 4, lastMessageAt: second + 2 }],
          messages: [said(1), said(2)],
        }),
      (bed) => bed.sink.ingest({ lane: 'live', messages: [said(3, ada.lid), said(4, ada.lid), said(5, ada.lid)] }),
      (bed) => bed.sink.ingest({ lane: 'live', changes: [readBy(3)] }),
      (bed) => bed.sink.ingest({ lane: 'live', lidPairs: [ada] }),
      (bed) => bed.sink.ingest({ lane: 'live', settings: [{ jid: ada.lid, readUpto: second + 1 }] }),
    ];
    for (let first = 0; first < steps.length; first++) {
      const bed = openBed();
      for (let n = 0; n < steps.length; n++) {
        steps[(first + n * 2) % steps.length]?.(bed);
        if (n % 2) await both(bed);
      }
      await both(bed);
      await both(bed);
      expect(unread(bed)).toBe(2);
    }
  });
});

describe('the read state of a message', () => {
  it('is read, unread or unknown', async () => {
    const bed = openBed();
    bed.sink.ingest({
      lane: 'history',
      chats: [{ jid: ada.pn, unreadCount: 1, lastMessageAt: second + 3 }],
      messages: [said(1), said(2), said(3)],
    });
    bed.sink.ingest({ lane: 'live', messages: [said(4), { ...said(5), fromMe: true }], changes: [readBy(1)] });
    await both(bed);
    const reader = openReader(bed.paths);
    const read = [1, 2, 4, 5].map((n) => reader.messages.get(`A${n}`).read);
    reader.close();
    expect(read).toEqual([true, null, false, null]);
  });
});
