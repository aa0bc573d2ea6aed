import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openStoredLookup } from '../../../src/store/read/stored-lookup.ts';
import { laneState, openStaging } from '../../../src/store/staging/staging.ts';
import {
  ada,
  announce,
  type Bed,
  ben,
  change,
  eve,
  group,
  me,
  message,
  messages,
  openBed,
} from '../../sync/fixtures.ts';

const staged = (bed: Bed, sql: string) => bed.staging.db.prepare(sql).all() as Record<string, unknown>[];

describe('staging.db', () => {
  it('treats a chunk ingested twice as one, and the same rows in another chunk as repeats', () => {
    const bed = openBed();
    bed.stage(messages(600), 'C1');
    bed.stage(messages(600), 'C1');
    expect(staged(bed, 'SELECT count(*) AS n, sum(repeats) AS repeats FROM messages')).toEqual([
      { n: 600, repeats: 0 },
    ]);
    bed.stage(messages(600), 'C2');
    expect(staged(bed, 'SELECT count(*) AS n, sum(repeats) AS repeats FROM messages')).toEqual([
      { n: 600, repeats: 600 },
    ]);
    expect(staged(bed, 'SELECT id, messages FROM chunks ORDER BY id')).toEqual([
      { id: 'C1', messages: 600 },
      { id: 'C2', messages: 0 },
    ]);
    expect(laneState(bed.staging, 'history').waiting).toBe(600);
  });

  it('keeps nothing of a failed call', () => {
    const bed = openBed();
    const bad = message({ id: 'B', content: undefined as unknown as string });
    expect(() => bed.stage([message(), bad])).toThrow();
    expect(staged(bed, 'SELECT count(*) AS n FROM messages')).toEqual([{ n: 0 }]);
    expect(laneState(bed.staging, 'history').waiting).toBe(0);
  });

  it('fills empty columns from repeats, clears none and keeps the earliest time', () => {
    const bed = openBed();
    bed.stage([message({ timestamp: 900, content: '', filename: 'a.jpg', sender: null })]);
    bed.stage([message({ timestamp: 800, content: 'caption', filename: null, title: 'title' })]);
    bed.stage([message({ timestamp: 950, content: '', type: 'image', raw: null })]);
    expect(
      staged(
        bed,
        'SELECT timestamp, sender, type, content, filename, title, raw IS NOT NULL AS has_raw, repeats FROM messages',
      ),
    ).toEqual([
      {
        timestamp: 800,
        sender: ada.pn,
        type: 'text',
        content: 'caption',
        filename: 'a.jpg',
        title: 'title',
        has_raw: 1,
        repeats: 2,
      },
    ]);
  });

  it('keeps a revoked message revoked, in either order of deliveries', () => {
    for (const order of [
      ['text', 'revoked'],
      ['revoked', 'text'],
    ] as const) {
      const bed = openBed();
      for (const type of order) bed.stage([message({ type, content: type === 'text' ? 'gone' : '' })]);
      expect(staged(bed, 'SELECT type, content FROM messages')).toEqual([{ type: 'revoked', content: '' }]);
    }
  });

  it('stages another author’s row separately', () => {
    const bed = openBed();
    bed.stage([message({ chatJid: group, sender: ada.pn }), message({ chatJid: group, sender: eve.pn, content: 'x' })]);
    expect(staged(bed, "SELECT sender, variant = '' AS first FROM messages ORDER BY seq")).toEqual([
      { sender: ada.pn, first: 1 },
      { sender: eve.pn, first: 0 },
    ]);
  });

  it('stages a repeat of a frozen row as a new row, so that neither is lost', async () => {
    const bed = openBed();
    bed.stage([message({ content: '' })]);
    let fed = false;
    const late = message({ content: 'late' });
    const at = (point: string) => {
      if (point !== 'committed' || fed) return;
      fed = true;
      bed.stage([late, late]);
    };
    expect(await bed.run('history', { at })).toMatchObject({ messages_synced: 1, duplicates_skipped: 0 });
    expect(bed.rows('SELECT content FROM messages')).toEqual([{ content: '' }]);
    expect(await bed.run()).toMatchObject({ messages_synced: 0, duplicates_skipped: 2 });
    expect(bed.rows('SELECT content FROM messages')).toEqual([{ content: 'late' }]);
  });

  it('merges facts about chats and people, the latest first', () => {
    const bed = openBed();
    bed.sink.ingest({ lane: 'history', chats: [{ jid: group, name: 'Club', unreadCount: 3, lastMessageAt: 50 }] });
    bed.sink.ingest({ lane: 'live', chats: [{ jid: group, unreadCount: 9, lastMessageAt: 40 }] });
    bed.sink.ingest({
      lane: 'live',
      chats: [
        { jid: group, readUpto: 60 },
        { jid: group, readUpto: 55 },
      ],
    });
    bed.sink.ingest({ lane: 'live', contacts: [{ jid: ben.pn, lid: ben.lid, pushName: 'ben' }] });
    bed.sink.ingest({ lane: 'live', contacts: [{ jid: ben.pn, pushName: 'Ben', savedName: '' }] });
    expect(staged(bed, 'SELECT lane, name, unread_count, unread_at, read_upto, last_message_at FROM chats')).toEqual([
      { lane: 'live', name: 'Club', unread_count: 3, unread_at: 50, read_upto: 60, last_message_at: 50 },
    ]);
    expect(staged(bed, 'SELECT push_name, saved_name FROM contacts')).toEqual([{ push_name: 'Ben', saved_name: null }]);
    expect(staged(bed, 'SELECT lid, pn FROM lid_pairs')).toEqual([ben]);
  });

  it('removes the device from addresses and stages a change once', () => {
    const bed = openBed();
    bed.sink.ingest({
      lane: 'live',
      messages: [message({ chatJid: '15550100001:7@s.whatsapp.net', sender: '15550100001:7@s.whatsapp.net' })],
      changes: [change(), change({ value: 'other words at the same moment' })],
    });
    expect(staged(bed, 'SELECT chat_jid, sender FROM messages')).toEqual([{ chat_jid: ada.pn, sender: ada.pn }]);
    expect(staged(bed, 'SELECT value FROM changes')).toEqual([{ value: 'hello again' }]);
  });

  it('keeps votes for a missing poll until they are read', () => {
    const bed = openBed();
    const vote = (pollId: string, id: string) => ({ pollId, chatJid: ada.pn, id, info: new Uint8Array([7]) });
    const waitingVotes = [vote('P1', 'V1'), vote('P1', 'V2'), vote('P2', 'V3'), vote('P1', 'V1')];
    bed.sink.ingest({ lane: 'live', waitingVotes });
    expect(bed.sink.waitingVotes('P1').map(({ id, info }) => [id, [...info]])).toEqual([
      ['V1', [7]],
      ['V2', [7]],
    ]);
    bed.sink.ingest({ lane: 'live', pollsRead: ['P1'] });
    expect([bed.sink.waitingVotes('P1').length, bed.sink.waitingVotes('P2').length]).toEqual([0, 1]);
  });

  it('belongs to one account', () => {
    const bed = openBed();
    bed.sink.onLinked(me);
    bed.sink.onLinked({ ...me, lid: null });
    expect(() => bed.sink.onLinked({ jid: ben.pn, lid: null })).toThrow(
      expect.objectContaining({ code: 'account_mismatch' }),
    );
    expect(staged(bed, 'SELECT lid, pn FROM lid_pairs')).toEqual([{ lid: me.lid, pn: me.jid }]);
  });

  it('returns chunks until they are stored, and then deletes their keys', () => {
    const bed = openBed();
    for (const id of ['C1', 'C2']) announce(bed.sink, id);
    bed.sink.chunkFailed('C1', 'media host answered 404');
    expect(bed.sink.pendingChunks()).toEqual([
      { id: 'C1', notification: Buffer.from([1]), attempts: 1 },
      { id: 'C2', notification: Buffer.from([1]), attempts: 0 },
    ]);
    bed.sink.chunkStored('C1');
    announce(bed.sink, 'C1');
    expect(bed.sink.pendingChunks().map(({ id }) => id)).toEqual(['C2']);
    expect(staged(bed, "SELECT error, notification FROM chunks WHERE id = 'C1'")).toEqual([
      { error: null, notification: null },
    ]);
  });

  it('skips no rows because of the watermark of an earlier file', async () => {
    const bed = openBed();
    bed.stage(messages(5));
    await bed.run();
    bed.staging.db.exec("UPDATE meta SET value = 'made anew' WHERE key = 'generation'; DELETE FROM sqlite_sequence;");
    bed.stage([message({ id: 'N1' })]);
    expect(await bed.run()).toMatchObject({ messages_synced: 1 });
  });

  it('is private, and refuses a file of a later version', () => {
    const bed = openBed();
    expect(statSync(bed.paths.staging).mode & 0o777).toBe(0o600);
    bed.staging.db.pragma('user_version = 99');
    expect(() => openStaging(bed.paths.staging)).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
  });

  it('answers from messages.db, and has no answers without the file', async () => {
    const bed = openBed();
    bed.stage([message()]);
    await bed.run();
    const lookup = openStoredLookup(bed.paths.messages);
    expect([lookup.has(ada.pn, 'A0'), lookup.has(ada.pn, 'A1'), lookup.has(ben.pn, 'A0')]).toEqual([
      true,
      false,
      false,
    ]);
    lookup.close();
    const missing = openStoredLookup(`${bed.paths.messages}.missing`);
    expect(missing.has(ada.pn, 'A0')).toBe(false);
    missing.close();
  });
});
