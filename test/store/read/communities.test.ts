import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReader } from '../../../src/store/open-reader.ts';
import { MessagesDb } from '../../support/rows/messages-db.ts';
import { message, openBed } from '../../sync/fixtures.ts';

const [street, park, lost] = ['120363000000000001@g.us', '120363000000000005@g.us', '120363000000000009@g.us'];
const [garden, kitchen] = ['120363000000000002@g.us', '120363000000000003@g.us'];

let db: MessagesDb;
beforeEach(() => {
  db = new MessagesDb();
  db.chat(street, { kind: 'community', name: 'Straße' });
  db.chat(park, { kind: 'community', name: '' });
  db.chat(garden, { name: 'Garden', parent_jid: street, unread_count: 4 });
  db.chat(kitchen, { name: 'Kitchen', parent_jid: street });
});
afterEach(() => db.close());

const communities = () => db.reader.communities;
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('Known communities', () => {
  test('are listed with their groups, including one known only through a group', () => {
    db.chat('120363000000000004@g.us', { parent_jid: lost });
    db.chat('120363000000000006@g.us', { parent_jid: lost });
    expect(communities().list()).toEqual([
      { jid: street, name: 'Straße', groups: [garden, kitchen], listed_at: null },
      { jid: park, name: null, groups: [], listed_at: null },
      { jid: lost, name: null, groups: ['120363000000000004@g.us', '120363000000000006@g.us'], listed_at: null },
    ]);
  });

  test('have a time once WhatsApp has listed their members; a list of the phone has none', () => {
    const set = db.db.prepare('UPDATE chats SET members_at = ? WHERE jid = ?');
    set.run(1_760_000_000_999, street);
    set.run(1, park);
    expect(
      communities()
        .list()
        .map(({ listed_at }) => listed_at),
    ).toEqual(['2025-10-09T08:53:20Z', null]);
  });

  test('report the name and unread count of a group, and nothing for an unknown one', () => {
    expect(communities().group(garden)).toEqual({ name: 'Garden', unread_count: 4 });
    expect(communities().group('120363000000000088@g.us')).toEqual({ name: null, unread_count: 0 });
  });
});

describe('A community', () => {
  test.each([
    ['an address', street, street],
    ['an address that is not here', '120363000000000077@g.us', '120363000000000077@g.us'],
    ['its name, whatever the case and accents', ' STRASSE '.replace('SS', 'ß'), street],
    ['the name of a group, which is then asked about', 'kitchen', kitchen],
  ])('is found by %s', (_, recipient, jid) => expect(communities().resolve(recipient)).toBe(jid));

  test('is never found by the name of a person', () => {
    db.contact('15550101@s.whatsapp.net', { pn: '15550101@s.whatsapp.net', saved_name: 'Ada' });
    for (const recipient of ['Ada', '+15550101', '15550101@s.whatsapp.net', '200000000000001@lid']) {
      expect(() => communities().resolve(recipient), recipient).toThrow(code('invalid_input'));
    }
  });

  test('is found when its announcement group has the same name', () => {
    db.chat('120363000000000010@g.us', { name: 'Straße', parent_jid: street });
    expect(() => db.reader.chats.resolve('Straße')).toThrow(code('ambiguous_recipient'));
    expect(communities().resolve('Straße')).toBe(street);
  });

  test('is ambiguous when two have the name, and not found when none has', () => {
    db.chat(lost, { kind: 'community', name: 'straße' });
    const failure = { code: 'ambiguous_recipient', details: { candidates: [{ jid: street }, { jid: lost }] } };
    expect(() => communities().resolve('Straße')).toThrow(expect.objectContaining({ code: failure.code }));
    try {
      communities().resolve('Straße');
    } catch (error) {
      expect(error).toMatchObject(failure);
    }
    expect(() => communities().resolve('Nowhere')).toThrow(code('not_found'));
  });
});

test('A community is in no list of chats and in no statistics, even when a group belongs to it', async () => {
  const bed = openBed();
  const at = { lane: 'live' as const };
  bed.sink.ingest({ ...at, chats: [{ jid: street, kind: 'community', name: 'Street', membersAt: 1_760_000_000_000 }] });
  bed.sink.ingest({ ...at, settings: [{ jid: garden, name: 'Garden', parentJid: street }] });
  await bed.run('live');
  const reader = openReader(bed.paths);
  expect(reader.communities.list()).toEqual([
    { jid: street, name: 'Street', groups: [], listed_at: '2025-10-09T08:53:20Z' },
  ]);
  bed.sink.ingest({ ...at, messages: [message({ chatJid: garden, id: 'G1' })] });
  await bed.run('live');
  expect(reader.communities.list()[0]?.groups).toEqual([garden]);
  const all = reader.chats.list({ sort_by: 'name', limit: 10 });
  expect(all.items.map(({ chat_jid }) => chat_jid)).toEqual([garden]);
  expect(reader.messages.statistics()).toMatchObject({ total_chats: 1, total_messages: 1 });
  reader.close();
});
