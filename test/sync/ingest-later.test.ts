import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { storeFailure } from '../../src/store/files/failure.ts';
import { openedLater } from '../../src/sync/ingest-later.ts';
import { message, openBed } from './fixtures.ts';

it('a sink opens nothing before its first use, and opens once', () => {
  const bed = openBed();
  let opened = 0;
  const sink = openedLater(() => {
    opened++;
    return bed.sink;
  });
  expect(opened).toBe(0);
  sink.ingest({ lane: 'live', messages: [message()] });
  expect([sink.historySyncing(), sink.knownGaps(), sink.pendingChunks(), sink.waitingVotes('A0')]).toEqual([
    ...[false, 0, [], []],
  ]);
  expect(opened).toBe(1);
  expect(bed.staging.db.prepare('SELECT count(*) FROM messages').pluck().get()).toBe(1);
});

it('a file that needs repair is refused with a next step, which a bridge shows as its message', () => {
  const sink = openedLater(() => {
    throw storeFailure('damaged', '/data/baileys/staging.db');
  });
  expect(() => sink.knownGaps()).toThrow(
    expect.objectContaining({
      code: 'store_unavailable',
      message: expect.stringMatching(/^staging\.db is damaged\. Stop every server and move it away/),
    }),
  );
});

it('a temporary error is thrown unchanged, and the next use retries', () => {
  const bed = openBed();
  const full = new Database.SqliteError('full', 'SQLITE_FULL');
  let attempts = 0;
  const sink = openedLater(() => {
    if (attempts++ === 0) throw full;
    return bed.sink;
  });
  expect(() => sink.onLinked({ jid: '15550100000@s.whatsapp.net', lid: null })).toThrow(full);
  sink.onLinked({ jid: '15550100000@s.whatsapp.net', lid: null });
  expect(bed.staging.readMeta('account_jid')).toBe('15550100000@s.whatsapp.net');
});
