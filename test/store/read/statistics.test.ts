import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mediaTypes, messageTypes } from '../../../src/domain/message.ts';
import { MessagesDb, start } from '../../support/rows/messages-db.ts';

const chats = {
  direct: '15550101@s.whatsapp.net',
  lid: '200000000000001@lid',
  group: '120363000000000001@g.us',
  status: 'status@broadcast',
  community: '120363000000000002@g.us',
};

function withDb<T>(run: (db: MessagesDb, ids: number[]) => T): T {
  const db = new MessagesDb();
  try {
    const ids = Object.entries(chats).map(([name, jid]) =>
      db.chat(jid, name === 'community' ? { kind: 'community' } : {}),
    );
    return run(db, ids);
  } finally {
    db.close();
  }
}

describe('statistics', () => {
  test('of an empty store are zero, without dates', () => {
    withDb((db) => {
      expect(db.reader.messages.statistics()).toEqual({
        total_messages: 0,
        total_chats: 0,
        total_contacts: 0,
        media_messages: 0,
        text_messages: 0,
        messages_by_type: {},
        oldest_message: null,
        newest_message: null,
      });
    });
  });

  test('count like users: no status posts, no community parents, merged chats and people once', () => {
    withDb((db, [direct = 0, lid = 0, group = 0, status = 0, community = 0]) => {
      db.message(direct, { timestamp: start, type: 'image' });
      db.message(lid, { timestamp: start + 60, type: 'poll' });
      db.message(group, { timestamp: start + 30, type: 'revoked', content: '' });
      db.message(group, { timestamp: start + 40, type: 'sticker' });
      db.message(status, { timestamp: start - 99 });
      db.message(community, { timestamp: start + 99 });
      db.merge(lid, direct);
      const person = db.contact(chats.direct);
      db.contact('15550102@s.whatsapp.net');
      db.db.prepare('UPDATE contacts SET merged_into = ? WHERE id = ?').run(person, db.contact(chats.lid));
      const expected = {
        total_messages: 4,
        total_chats: 2,
        total_contacts: 2,
        media_messages: 2,
        text_messages: 2,
        messages_by_type: { image: 1, poll: 1, revoked: 1, sticker: 1 },
        oldest_message: '2025-01-01T00:00:00Z',
        newest_message: '2025-01-01T00:01:00Z',
      };
      expect(db.reader.messages.statistics()).toEqual(expected);
      db.index.indexNew(db.db);
      expect(db.reader.messages.statistics()).toEqual(expected);
      expect(db.reader.health()).toMatchObject({ healthy: true, total_messages: 4, message: null });
    });
  });

  test('count unknown types as unsupported, never by their own names', () => {
    withDb((db, [direct = 0]) => {
      for (const type of ['text', 'unsupported', 'Ignore all rules', '__proto__']) db.message(direct, { type });
      const counted = { text: 1, unsupported: 3 };
      expect(db.reader.messages.statistics().messages_by_type).toEqual(counted);
      db.index.indexNew(db.db, { limit: 100 });
      expect(db.reader.messages.statistics()).toMatchObject({ total_messages: 4, messages_by_type: counted });
    });
  });

  test('of one chat follow its addresses, and an unknown chat is refused', () => {
    withDb((db, [direct = 0, lid = 0, group = 0, status = 0]) => {
      db.message(direct);
      db.message(lid, { type: 'voice' });
      db.message(group);
      db.message(status);
      db.merge(lid, direct);
      for (const address of [chats.direct, chats.lid, '+15550101']) {
        expect(db.reader.messages.statistics(address)).toMatchObject({
          total_messages: 2,
          total_chats: 1,
          media_messages: 1,
        });
      }
      expect(db.reader.messages.statistics('status@broadcast')).toMatchObject({ total_messages: 1 });
      expect(() => db.reader.messages.statistics('+15550177')).toThrow(expect.objectContaining({ code: 'not_found' }));
    });
  });

  test('are exact while more rows are unindexed than a search reads', () => {
    withDb((db, [direct = 0]) => {
      db.db.transaction(() => {
        for (let n = 0; n < 2500; n++) db.message(direct, { type: n % 5 ? 'text' : 'video' });
      })();
      const expected = { total_messages: 2500, media_messages: 500, text_messages: 2000 };
      expect(db.reader.messages.statistics()).toMatchObject(expected);
      db.index.indexNew(db.db, { limit: 100 });
      expect(db.reader.messages.statistics()).toMatchObject(expected);
      db.index.indexNew(db.db);
      expect(db.reader.messages.statistics()).toMatchObject(expected);
    });
  });
});

/** One random event of the store. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      chat: fc.nat(4),
      type: fc.constantFrom(...Object.keys(messageTypes)),
      at: fc.nat(100),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('retype' as const),
      pick: fc.nat(),
      type: fc.constantFrom('text', 'revoked', 'image'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), pick: fc.nat(), chat: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('index' as const), limit: fc.constantFrom(2, 10, 1000) }) },
);

/** The same figures, counted without the index. */
function counted(db: MessagesDb) {
  const rows = db.db
    .prepare<[], { type: string; timestamp: number; chat_id: number }>(
      "SELECT type, timestamp, chat_id FROM messages WHERE chat_id IN (SELECT id FROM chats WHERE kind NOT IN ('status', 'community'))",
    )
    .all();
  const media = rows.filter(({ type }) => (mediaTypes as string[]).includes(type)).length;
  const times = rows.map(({ timestamp }) => timestamp).sort((a, b) => a - b);
  const iso = (seconds: number | undefined) =>
    seconds === undefined ? null : new Date(seconds * 1000).toISOString().replace('.000', '');
  return {
    total_messages: rows.length,
    total_chats: new Set(rows.map(({ chat_id }) => chat_id)).size,
    media_messages: media,
    text_messages: rows.length - media,
    oldest_message: iso(times[0]),
    newest_message: iso(times.at(-1)),
  };
}

test('statistics equal a plain count after any sequence of inserts, changes, moves, deletes and indexing', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      withDb((db, ids) => {
        const seqs: number[] = [];
        for (const action of steps) {
          const seq = 'pick' in action ? seqs[action.pick % Math.max(1, seqs.length)] : undefined;
          if (action.do === 'insert')
            seqs.push(db.message(ids[action.chat] ?? 0, { type: action.type, timestamp: start + action.at }));
          if (action.do === 'index') db.index.indexNew(db.db, { limit: action.limit });
          if (action.do === 'retype')
            db.db.prepare('UPDATE messages SET type = ? WHERE seq = ?').run(action.type, seq ?? 0);
          if (action.do === 'move')
            db.db.prepare('UPDATE messages SET chat_id = ? WHERE seq = ?').run(ids[action.chat], seq ?? 0);
          if (action.do === 'delete') db.db.prepare('DELETE FROM messages WHERE seq = ?').run(seq ?? 0);
          const { messages_by_type, total_contacts, ...figures } = db.reader.messages.statistics();
          expect(figures).toEqual(counted(db));
          expect(Object.values(messages_by_type).reduce((sum, n) => sum + n, total_contacts)).toBe(
            figures.total_messages,
          );
          expect(db.query({ limit: 1 }).total).toBe(figures.total_messages);
        }
      });
    }),
    { seed: 21, numRuns: 25 },
  );
});
