import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/domain/message.ts';
import { openIdentity } from '../../../src/store/write/identity.ts';
import { ada, type Bed, ben, change, eve, group, message, openBed } from '../../sync/fixtures.ts';

/** What readers see: chats and people with their facts, and each message with its author. */
function view(bed: Bed) {
  return {
    chats: bed.rows(`SELECT jid, pn, lid, name, archived, pinned_at, unread_count, last_message_at FROM chats
      WHERE merged_into IS NULL ORDER BY jid`),
    contacts: bed.rows(`SELECT jid, pn, lid, saved_name, push_name, business_name FROM contacts
      WHERE merged_into IS NULL AND coalesce(saved_name, push_name, business_name) IS NOT NULL ORDER BY jid`),
    messages: bed.rows(`SELECT c.jid, m.id, m.type, m.content, m.edited_at, m.sender FROM messages m
      JOIN chats c ON c.id = m.chat_id ORDER BY c.jid, m.id`),
    changes: bed.rows(
      'SELECT c.jid, message_id, x.kind FROM changes x JOIN chats c ON c.id = x.chat_id ORDER BY 1, 2, 3',
    ),
    waiting: bed.rows('SELECT id FROM chats WHERE separating IS NOT NULL'),
  };
}

const separate = (bed: Bed, pair = ada) => bed.db.transaction(() => openIdentity(bed.db).separate(pair)).immediate();
const learn = (bed: Bed, pair = ada) => bed.db.transaction(() => openIdentity(bed.db).learnPair(pair)).immediate();
const fromLid = (fields: Partial<Message> = {}) => message({ chatJid: ada.lid, sender: ada.lid, ...fields });

async function settle(bed: Bed): Promise<void> {
  await bed.run();
  await bed.run('live');
}

describe('a wrong pair', () => {
  it('can be undone: rows, names and settings return to the address they arrived under', async () => {
    const bed = openBed();
    bed.stage([fromLid({ id: 'L1', timestamp: 2000 }), message({ id: 'P1', timestamp: 1000 })]);
    bed.sink.ingest({
      lane: 'history',
      contacts: [
        { jid: ada.lid, pushName: 'Eve' },
        { jid: ada.pn, savedName: 'Ada' },
      ],
      chats: [{ jid: ada.lid, name: 'Eve', archived: true, pinnedAt: 7 }, { jid: ada.pn }],
    });
    await settle(bed);
    const before = view(bed);
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    await settle(bed);
    expect(view(bed).chats).toMatchObject([{ jid: ada.pn, pn: ada.pn, lid: ada.lid, name: 'Eve', pinned_at: 7 }]);
    separate(bed);
    await settle(bed);
    expect(view(bed)).toEqual(before);
    expect(before.messages).toMatchObject([
      { jid: ada.pn, id: 'P1' },
      { jid: ada.lid, id: 'L1' },
    ]);
  });

  it('leaves no empty chat behind for an address that received nothing', async () => {
    const bed = openBed();
    bed.stage([fromLid()]);
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    await settle(bed);
    separate(bed);
    await settle(bed);
    expect(view(bed).chats).toMatchObject([{ jid: ada.lid, pn: null, lid: ada.lid }]);
    bed.stage([message({ id: 'P1' })]);
    await settle(bed);
    expect(view(bed).messages).toMatchObject([
      { jid: ada.pn, id: 'P1' },
      { jid: ada.lid, id: 'A0' },
    ]);
  });

  it('restores a message that another author’s had displaced', async () => {
    const bed = openBed();
    bed.stage([message({ content: 'of Ada' }), fromLid({ content: 'of Eve' })]);
    await settle(bed);
    // Two people: their messages have different authors even when their chats are merged.
    bed.db
      .prepare('UPDATE chats SET merged_into = (SELECT id FROM chats WHERE jid = ?) WHERE jid = ?')
      .run(ada.pn, ada.lid);
    bed.db.prepare('UPDATE chat_aliases SET chat_id = (SELECT id FROM chats WHERE jid = ?)').run(ada.pn);
    await settle(bed);
    expect(bed.rows('SELECT content FROM conflicts')).toEqual([{ content: 'of Eve' }]);
    separate(bed);
    await settle(bed);
    expect(bed.rows('SELECT content FROM conflicts')).toEqual([]);
    expect(view(bed).messages).toMatchObject([
      { jid: ada.pn, content: 'of Ada' },
      { jid: ada.lid, content: 'of Eve' },
    ]);
  });

  it('moves rows back at most a thousand at a time, and resumes after a stop', async () => {
    const bed = openBed();
    const ids = Array.from({ length: 2500 }, (_, index) => `M${index}`);
    bed.stage(ids.map((id) => fromLid({ id })));
    bed.stage([message({ id: 'P1' })]);
    await settle(bed);
    bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
    await settle(bed);
    separate(bed);
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 1;
      },
    } as AbortSignal;
    await expect(bed.run('history', { signal })).rejects.toMatchObject({ code: 'cancelled' });
    const counts = () => bed.rows('SELECT count(*) AS n FROM messages GROUP BY chat_id ORDER BY n').map(({ n }) => n);
    const [fewer] = counts() as number[];
    expect(fewer).toBeGreaterThan(1);
    expect(fewer).toBeLessThanOrEqual(1001);
    await settle(bed);
    expect(counts()).toEqual([1, 2500]);
    expect(bed.rows('SELECT messages_synced AS n FROM checkpoints ORDER BY n')).toEqual([{ n: 1 }, { n: 2500 }]);
  });

  it('is undone by a later pair of either address', async () => {
    for (const right of [
      { lid: ada.lid, pn: ben.pn },
      { lid: ben.lid, pn: ada.pn },
    ]) {
      const bed = openBed();
      bed.stage([fromLid({ id: 'L1' }), message({ id: 'P1' }), message({ chatJid: ben.pn, sender: ben.pn, id: 'B1' })]);
      bed.stage([message({ chatJid: ben.lid, sender: ben.lid, id: 'B2' })]);
      bed.sink.ingest({ lane: 'history', lidPairs: [ada] });
      await settle(bed);
      bed.sink.ingest({ lane: 'history', lidPairs: [right] });
      await settle(bed);
      const chat = view(bed).chats.find(({ lid }) => lid === right.lid);
      expect(chat).toMatchObject({ jid: right.pn, pn: right.pn });
      const chatOf = (id: string) => view(bed).messages.find((row) => row['id'] === id)?.['jid'];
      const [L1, P1, B1, B2] = ['L1', 'P1', 'B1', 'B2'].map(chatOf);
      expect(L1 === P1).toBe(false);
      expect([L1, P1, B1, B2]).toEqual(
        right.lid === ada.lid ? [ben.pn, ada.pn, ben.pn, ben.lid] : [ada.lid, ada.pn, ben.pn, ada.pn],
      );
    }
  });

  it('counts again when it is received again', async () => {
    const bed = openBed();
    bed.stage([fromLid({ id: 'L1' }), message({ id: 'P1' }), message({ chatJid: eve.pn, sender: eve.pn, id: 'E1' })]);
    for (const lidPairs of [[ada], [{ lid: ada.lid, pn: eve.pn }], [ada], [ada]]) {
      bed.sink.ingest({ lane: 'history', lidPairs });
      await settle(bed);
    }
    expect(view(bed).messages).toMatchObject([
      { jid: ada.pn, id: 'L1' },
      { jid: ada.pn, id: 'P1' },
      { jid: eve.pn, id: 'E1' },
    ]);
  });
});

type Step = (bed: Bed) => void;

const row =
  (fields: Partial<Message>): Step =>
  (bed) =>
    bed.stage([message(fields)]);
const steps: readonly Step[] = [
  row({ chatJid: ada.lid, sender: ada.lid, id: 'L1', timestamp: 500 }),
  row({ chatJid: ada.lid, sender: ada.lid, id: 'L2', timestamp: 900 }),
  row({ chatJid: ada.pn, sender: ada.pn, id: 'P1', timestamp: 700 }),
  row({ chatJid: ada.pn, sender: null, fromMe: true, id: 'P2', timestamp: 800 }),
  row({ chatJid: group, sender: ada.lid, id: 'G1' }),
  (bed) => bed.sink.ingest({ lane: 'live', contacts: [{ jid: ada.lid, pushName: 'Eve' }] }),
  (bed) => bed.sink.ingest({ lane: 'live', contacts: [{ jid: ada.pn, savedName: 'Ada', pushName: 'ada' }] }),
  (bed) => bed.sink.ingest({ lane: 'live', changes: [change({ chatJid: ada.lid, messageId: 'L1', actor: ada.lid })] }),
  (bed) => bed.sink.ingest({ lane: 'live', changes: [change({ chatJid: ada.pn, messageId: 'P1', actor: ada.pn })] }),
];

function withoutPushNames(seen: ReturnType<typeof view>) {
  return { ...seen, contacts: seen.contacts.map(({ push_name: _, ...contact }) => contact) };
}

describe('undoing a pair', () => {
  const natural = steps.map((_, index) => index);
  const orders = fc.shuffledSubarray(natural, { minLength: natural.length, maxLength: natural.length });
  const place = fc.integer({ min: 0, max: steps.length });
  const transfers = fc.array(fc.boolean(), { minLength: steps.length, maxLength: steps.length });

  async function run(order: readonly number[], moments: readonly boolean[], also: ReadonlyMap<number, Step[]>) {
    const bed = openBed();
    for (const [position, index] of [...order, -1].entries()) {
      for (const step of also.get(position) ?? []) step(bed);
      steps[index]?.(bed);
      if (moments[position]) await settle(bed);
    }
    await settle(bed);
    return view(bed);
  }

  it('ends as if the pair had never existed, whatever came before, between and after', async () => {
    await fc.assert(
      fc.asyncProperty(orders, transfers, place, place, async (order, moments, one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        const also = new Map<number, Step[]>([[first, [learn]]]);
        also.set(second, [...(also.get(second) ?? []), separate]);
        expect(await run(order, moments, also)).toEqual(await run(order, moments, new Map()));
      }),
      { numRuns: 10, seed: 11 },
    );
  });

  it('and learning it again ends as if it had never been undone', async () => {
    const places = fc.tuple(place, place).map((two) => two.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(orders, transfers, places, async (order, moments, [first = 0, second = 0]) => {
        const also = new Map<number, Step[]>([[first, [learn]]]);
        also.set(second, [...(also.get(second) ?? []), separate, learn]);
        // The last of two names counts, so separating the pair may leave the other one.
        const shown = withoutPushNames(await run(order, moments, also));
        expect(shown).toEqual(withoutPushNames(await run(order, moments, new Map([[first, [learn]]]))));
      }),
      { numRuns: 8, seed: 12 },
    );
  });
});
