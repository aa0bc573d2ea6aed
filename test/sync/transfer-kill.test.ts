import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, type Bed, ben, change, message, messages, openBed } from './fixtures.ts';
import { bundle } from './worker-build.ts';

let child: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  child = await bundle('test/sync/transfer-child.ts', 'transfer-child');
});
afterAll(() => child.remove());

const rows = 6000;

/** Rows of every outcome: 6,000 new ones, 300 repeats, a bad one, edits before and after their message. */
function stageEverything(bed: Bed): void {
  bed.sink.ingest({ lane: 'history', changes: [change({ chatJid: ada.pn, messageId: 'M0', value: 'edited early' })] });
  bed.stage(messages(rows), 'C1');
  bed.stage(messages(rows).slice(0, 300), 'C2');
  bed.stage([message({ chatJid: ben.pn, id: 'bad', timestamp: -1 })], 'C3');
  bed.sink.ingest({
    lane: 'history',
    changes: [change({ chatJid: ben.pn, messageId: 'M1', kind: 'revoke', actor: ben.pn, value: '' })],
  });
}

function start(bed: Bed, point: string, nth = 1) {
  return spawn(process.execPath, [child.path, bed.paths.messages, bed.paths.staging, point, String(nth)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The contents of messages.db about the rows, except when they were written. */
function contents(bed: Bed) {
  return {
    messages: bed.rows(`SELECT c.jid, m.id, m.timestamp, m.sender, m.type, m.content, m.edited_at, m.revoked_at
      FROM messages m JOIN chats c ON c.id = m.chat_id ORDER BY c.jid, m.id`),
    chats: bed.rows('SELECT jid, kind, last_message_at FROM chats ORDER BY jid'),
    changes: bed.rows('SELECT message_id, kind, value FROM changes ORDER BY message_id'),
    checkpoints: bed.rows(
      'SELECT c.jid, k.messages_synced, k.oldest_message_id FROM checkpoints k JOIN chats c ON c.id = k.chat_id ORDER BY c.jid',
    ),
    rejected: bed.staging.db.prepare('SELECT kind, reason FROM rejected').all(),
    staged: bed.staging.db
      .prepare('SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM changes)')
      .pluck()
      .get(),
    waiting: bed.staging.db.prepare('SELECT sum(waiting) FROM lanes').pluck().get(),
    integrity: bed.rows('PRAGMA main.integrity_check'),
  };
}

let expectation: ReturnType<typeof runUndisturbed> | undefined;
const undisturbed = () => {
  expectation ??= runUndisturbed();
  return expectation;
};

async function runUndisturbed() {
  const bed = openBed();
  stageEverything(bed);
  const result = await bed.run();
  return { result, contents: contents(bed) };
}

describe('a copy killed in the middle', () => {
  it.each([
    ['begun', 1],
    ['written', 1],
    ['written', 4],
    ['committed', 1],
    ['committed', 6],
  ])('at %s (%i) ends with the rows and counts of an undisturbed one', async (point, nth) => {
    const expected = await undisturbed();
    expect(expected.result).toEqual({ messages_synced: rows, duplicates_skipped: 300, failed: 1, chats_synced: 3 });
    const bed = openBed();
    stageEverything(bed);
    const [, signal] = await once(start(bed, point, nth), 'exit');
    expect(signal).toBe('SIGKILL');
    expect(await bed.run()).toEqual(expected.result);
    expect(contents(bed)).toEqual(expected.contents);
  });

  it.each(['copied', 'durable', 'deleting'])(
    'at %s has everything, and cleans up without counting again',
    async (point) => {
      const expected = await undisturbed();
      const bed = openBed();
      stageEverything(bed);
      const [, signal] = await once(start(bed, point), 'exit');
      expect(signal).toBe('SIGKILL');
      expect(await bed.run()).toEqual({ messages_synced: 0, duplicates_skipped: 0, failed: 0, chats_synced: 0 });
      expect(contents(bed)).toEqual(expected.contents);
    },
  );

  it.each([3, 17, 29, 41, 58])('%i ms after its start loses nothing', async (delay) => {
    const expected = await undisturbed();
    const bed = openBed();
    stageEverything(bed);
    const running = start(bed, 'never');
    await once(running.stdout, 'data');
    setTimeout(() => running.kill('SIGKILL'), delay);
    await once(running, 'exit');
    await bed.run();
    expect(contents(bed)).toEqual(expected.contents);
  });

  it('is resumed by a second process that copies at the same time', async () => {
    const expected = await undisturbed();
    const bed = openBed();
    stageEverything(bed);
    const running = start(bed, 'never');
    await once(running.stdout, 'data');
    await Promise.all([bed.run(), once(running, 'exit')]);
    await bed.run();
    expect(contents(bed)).toEqual(expected.contents);
  });
});
