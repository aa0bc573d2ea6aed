import { describe, expect, it } from 'vitest';
import { ada, ben, change, eve, group, me, message, messages, openBed } from './fixtures.ts';

describe('transfer', () => {
  it('copies every staged row once and counts them', async () => {
    const bed = openBed();
    bed.stage(messages(2500));
    expect(await bed.run()).toEqual({ messages_synced: 2500, duplicates_skipped: 0, failed: 0, chats_synced: 3 });
    expect(bed.rows('SELECT count(*) AS n FROM messages')).toEqual([{ n: 2500 }]);
    expect(bed.staging.db.prepare('SELECT count(*) FROM messages').pluck().get()).toBe(0);
    expect(await bed.run()).toEqual({ messages_synced: 0, duplicates_skipped: 0, failed: 0, chats_synced: 0 });
  });

  it('copies in one call the rest of an interrupted live copy and later rows', async () => {
    const bed = openBed();
    const died = new Error('died');
    const at = (point: string) => {
      if (point === 'begun') throw died;
    };
    bed.sink.ingest({ lane: 'live', messages: [message({ id: 'before' })] });
    await expect(bed.run('live', { at })).rejects.toBe(died);
    bed.sink.ingest({ lane: 'live', messages: [message({ id: 'since' })] });
    expect(await bed.run('live')).toMatchObject({ messages_synced: 2, duplicates_skipped: 0, failed: 0 });
    expect(bed.rows('SELECT id FROM messages ORDER BY id')).toEqual([{ id: 'before' }, { id: 'since' }]);
  });

  it('counts redelivered history as duplicates, including repeats', async () => {
    const bed = openBed();
    bed.stage(messages(1500), 'C1');
    await bed.run();
    bed.stage(messages(1500), 'C2');
    bed.stage(messages(1500).slice(0, 100), 'C3');
    expect(await bed.run()).toEqual({ messages_synced: 0, duplicates_skipped: 1600, failed: 0, chats_synced: 0 });
  });

  it('completes the checkpoints of a whole history once, and leaves chats that are fetched further back since', async () => {
    const bed = openBed();
    const whole = { isHistoryComplete: () => true };
    const statuses = () => bed.rows('SELECT status FROM checkpoints');
    bed.stage([message({ id: 'first' })]);
    await bed.run();
    expect(statuses()).toEqual([{ status: 'in_progress' }]);
    await bed.run('history', whole);
    expect(statuses()).toEqual([{ status: 'completed' }]);
    bed.db.prepare("UPDATE checkpoints SET status = 'in_progress'").run();
    await bed.run('history', whole);
    expect(statuses()).toEqual([{ status: 'in_progress' }]);
  });

  it('refuses a bad row with its reason and copies all others', async () => {
    const bed = openBed();
    bed.stage([...messages(1200), message({ chatJid: ben.pn, id: 'bad', timestamp: 0 })]);
    expect(await bed.run()).toMatchObject({ messages_synced: 1200, duplicates_skipped: 0, failed: 1 });
    const rejected = bed.staging.db.prepare('SELECT reason, row FROM rejected').all() as {
      reason: string;
      row: string;
    }[];
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.reason).toContain('timestamp > 0');
    expect(JSON.parse(rejected[0]?.row ?? '')).toMatchObject({ id: 'bad', chat_jid: ben.pn, raw: '010203' });
  });

  it('refuses rows of a chat with an invalid address', async () => {
    const bed = openBed();
    bed.stage([message({ chatJid: 'nowhere', id: 'X1' }), message({ id: 'X2' })]);
    expect(await bed.run()).toMatchObject({ messages_synced: 1, failed: 1 });
  });

  it('fills empty columns, keeps the earliest time and clears nothing', async () => {
    const bed = openBed();
    bed.stage([message({ timestamp: 2000, filename: 'kept.pdf', content: '', type: 'document', details: null })]);
    await bed.run();
    bed.stage([
      message({ timestamp: 1000, filename: null, content: 'caption', title: 'new', raw: null, type: 'document' }),
    ]);
    expect(await bed.run()).toMatchObject({ messages_synced: 0, duplicates_skipped: 1, failed: 0 });
    expect(bed.rows('SELECT timestamp, filename, content, title, raw IS NOT NULL AS has_raw FROM messages')).toEqual([
      { timestamp: 1000, filename: 'kept.pdf', content: 'caption', title: 'new', has_raw: 1 },
    ]);
  });

  it('keeps the first row when another author reuses its id, and stores the other as a conflict', async () => {
    const bed = openBed();
    const first = message({ chatJid: group, sender: ada.pn, content: 'mine' });
    const other = message({ chatJid: group, sender: eve.pn, content: 'not mine', timestamp: first.timestamp - 5 });
    bed.stage([first]);
    bed.stage([other]);
    expect(await bed.run()).toMatchObject({ messages_synced: 1, duplicates_skipped: 0, failed: 1 });
    bed.stage([other]);
    expect(await bed.run()).toMatchObject({ messages_synced: 0, duplicates_skipped: 1, failed: 0 });
    expect(bed.rows('SELECT sender, content, timestamp FROM messages')).toEqual([
      { sender: ada.pn, content: 'mine', timestamp: first.timestamp },
    ]);
    expect(bed.rows('SELECT sender, content FROM conflicts')).toEqual([{ sender: eve.pn, content: 'not mine' }]);
  });

  it('applies edits and revokes in any order, also before their message', async () => {
    const bed = openBed();
    const edits = [change({ value: 'second', at: 2000_000 }), change({ value: 'first', at: 1000_000 })];
    bed.sink.ingest({ lane: 'live', changes: edits });
    await bed.run('live');
    bed.stage([message(), message({ id: 'A1' })]);
    await bed.run();
    bed.sink.ingest({ lane: 'live', changes: [change({ messageId: 'A1', kind: 'revoke', value: '' })] });
    await bed.run('live');
    bed.stage([message({ id: 'A1' })]);
    await bed.run();
    expect(bed.rows('SELECT id, type, content, edited_at, revoked_at IS NOT NULL AS revoked FROM messages')).toEqual([
      { id: 'A0', type: 'text', content: 'second', edited_at: 2000, revoked: 0 },
      { id: 'A1', type: 'revoked', content: '', edited_at: null, revoked: 1 },
    ]);
  });

  it('shows when a revoked message was edited, in either order', async () => {
    const edit = change({ value: 'second', at: 2000_000 });
    const revoke = change({ kind: 'revoke', value: '', at: 3000_000 });
    const rows = [];
    for (const [first, second] of [[edit, revoke] as const, [revoke, edit] as const]) {
      const bed = openBed();
      bed.stage([message()]);
      await bed.run();
      for (const one of [first, second]) {
        bed.sink.ingest({ lane: 'live', changes: [one] });
        await bed.run('live');
      }
      rows.push(bed.rows('SELECT type, content, edited_at, revoked_at FROM messages'));
    }
    expect(rows[0]).toEqual([{ type: 'revoked', content: '', edited_at: 2000, revoked_at: 3000 }]);
    expect(rows[1]).toEqual(rows[0]);
  });

  it('revokes the stored row for a revoked repeat, and no longer fills a revoked row', async () => {
    const bed = openBed();
    const revoked = message({ type: 'revoked', content: '' });
    bed.stage([message({ title: 'seen' })]);
    await bed.run();
    bed.stage([revoked]);
    await bed.run();
    bed.stage([message({ title: 'seen', filename: 'a.txt' })]);
    await bed.run();
    expect(bed.rows('SELECT type, content, title, filename FROM messages')).toEqual([
      { type: 'revoked', content: '', title: null, filename: null },
    ]);
  });

  it('raises the state of an own message by receipts, never lowers it', async () => {
    const bed = openBed();
    bed.stage([message({ fromMe: true, sender: me.jid, status: 'server' })]);
    const receipt = (value: string, at: number) => change({ kind: 'receipt', value, at });
    bed.sink.ingest({ lane: 'history', changes: [receipt('read', 2000), receipt('delivered', 3000)] });
    bed.sink.ingest({ lane: 'history', changes: [change({ kind: 'star', actor: me.jid, value: '1' })] });
    await bed.run();
    expect(bed.rows('SELECT status, starred FROM messages')).toEqual([{ status: 'read', starred: 1 }]);
  });

  it('resumes a cancelled call, with the counts of both', async () => {
    const bed = openBed();
    bed.stage(messages(3500));
    const controller = new AbortController();
    const at = (point: string) => point === 'committed' && controller.abort();
    await expect(bed.run('history', { at, signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(bed.rows('SELECT count(*) AS n FROM messages')).toEqual([{ n: 1000 }]);
    expect(await bed.run()).toEqual({ messages_synced: 3500, duplicates_skipped: 0, failed: 0, chats_synced: 3 });
  });

  it('copies rows staged after an interrupted call, and counts all of them, after any number of interruptions', async () => {
    const bed = openBed();
    const stoppedAt = async (nth: number) => {
      let times = 0;
      const at = (point: string) => {
        if (point === 'committed' && ++times === nth) throw new Error('stopped');
      };
      await expect(bed.run('history', { at })).rejects.toThrow('stopped');
    };
    bed.sink.ingest({ lane: 'history', lidPairs: [ada, ben] });
    const twice = messages(100, [ada.pn]);
    bed.stage([...messages(1500, [ben.pn]), ...twice, ...twice.map((row) => ({ ...row, chatJid: ada.lid }))], 'C1');
    await stoppedAt(1);
    const known = messages(1500, [ben.pn]).slice(0, 50);
    bed.stage([...messages(1200, [eve.pn]), ...known.map((row) => ({ ...row, chatJid: ben.lid }))], 'C2');
    await stoppedAt(2);
    const { messages_synced, duplicates_skipped } = await bed.run();
    expect({ messages_synced, duplicates_skipped }).toEqual({
      messages_synced: 1500 + 100 + 1200,
      duplicates_skipped: 150,
    });
    expect(bed.rows('SELECT count(*) AS n FROM messages')).toEqual([{ n: 2800 }]);
    expect(bed.staging.readMeta('history_duplicates')).toBe('150');
    expect(await bed.run()).toMatchObject({ messages_synced: 0, duplicates_skipped: 0 });
  });

  it('moves live rows and leaves the history staged', async () => {
    const bed = openBed();
    bed.stage(messages(10));
    bed.sink.ingest({ lane: 'history', chats: [{ jid: group, name: 'Club' }] });
    bed.sink.ingest({ lane: 'live', messages: [message({ chatJid: group, id: 'L1', sender: eve.pn })] });
    expect(await bed.run('live')).toMatchObject({ messages_synced: 1, chats_synced: 1 });
    expect(bed.rows('SELECT name, m.id FROM messages m JOIN chats c ON c.id = m.chat_id')).toEqual([
      { name: 'Club', id: 'L1' },
    ]);
    expect(bed.staging.db.prepare("SELECT waiting FROM lanes WHERE lane = 'history'").pluck().get()).toBe(10);
    expect(await bed.run()).toMatchObject({ messages_synced: 10 });
  });

  it('never moves the last activity of a chat backwards', async () => {
    const bed = openBed();
    bed.stage([message({ timestamp: 2000 })]);
    await bed.run();
    bed.stage([message({ id: 'older', timestamp: 1000 })]);
    bed.sink.ingest({ lane: 'history', chats: [{ jid: ada.pn, lastMessageAt: 500 }] });
    await bed.run();
    expect(bed.rows('SELECT last_message_at FROM chats')).toEqual([{ last_message_at: 2000 }]);
  });

  it('does not let a person edit another person’s message', async () => {
    const bed = openBed();
    bed.stage([message({ chatJid: group, sender: ada.pn })]);
    bed.sink.ingest({ lane: 'history', changes: [change({ chatJid: group, actor: eve.pn, value: 'forged' })] });
    await bed.run();
    expect(bed.rows('SELECT content FROM messages')).toEqual([{ content: 'hello' }]);
  });
});
