import { expect, test } from 'vitest';
import type { UndecryptableMessage } from '../../../src/domain/message.ts';
import { gapStore } from '../../../src/store/staging/gaps.ts';
import { openStaging } from '../../../src/store/staging/staging.ts';
import { ada, type Bed, message, openBed } from '../../sync/fixtures.ts';

const at = 1_770_000_000_000;
const gap = (changes: Partial<UndecryptableMessage> = {}): UndecryptableMessage => ({
  chatJid: ada.pn,
  messageId: 'A0',
  reason: 'unreadable',
  at,
  healed: false,
  ...changes,
});
const note = ({ sink }: Bed, ...gaps: UndecryptableMessage[]) => sink.ingest({ lane: 'live', gaps });
const rows = ({ staging }: Bed) => staging.db.prepare('SELECT chat_jid, message_id, at, healed_at FROM gaps').all();

test('a gap is recorded once however often the message arrives unreadable, under its plain address', () => {
  const bed = openBed();
  note(bed, gap({ chatJid: '15550100001:0@s.whatsapp.net' }), gap({ at: at + 1 }));
  note(bed, gap({ at: at + 2 }));
  expect(rows(bed)).toEqual([{ chat_jid: ada.pn, message_id: 'A0', at, healed_at: null }]);
  expect(bed.sink.knownGaps()).toBe(1);
});

test('a readable copy without a row closes its gap, by its id alone', () => {
  const bed = openBed();
  note(bed, gap(), gap({ messageId: 'A1' }));
  note(bed, gap({ chatJid: ada.lid, healed: true, at: at + 5 }));
  expect(rows(bed)[0]).toMatchObject({ message_id: 'A0', healed_at: at + 5 });
  expect(bed.sink.knownGaps()).toBe(1);
});

test('a row closes its gap on any path and under any address', () => {
  const bed = openBed();
  note(bed, gap(), gap({ messageId: 'A1' }));
  bed.stage([message({ chatJid: ada.lid })], 'C1');
  expect(bed.sink.knownGaps()).toBe(1);
  bed.stage([message({ id: 'A1' })]);
  expect(bed.sink.knownGaps()).toBe(0);
});

test('a stored message leaves no gap when it arrives again unreadable', () => {
  const bed = openBed({ isStored: (_chatJid, id) => id === 'STORED' });
  bed.stage([message()]);
  note(bed, gap(), gap({ messageId: 'STORED' }));
  expect(rows(bed)).toEqual([]);
});

test('gaps survive reopening, and copying and deleting of their rows', async () => {
  const bed = openBed();
  note(bed, gap());
  bed.stage([message({ id: 'A1' })]);
  await bed.run();
  await bed.run('live');
  const again = openStaging(bed.paths.staging);
  expect(gapStore(again).open()).toBe(1);
  again.close();
});

test('a file of an earlier version gets the table of gaps, and keeps its members', () => {
  const bed = openBed();
  bed.staging.db.exec(`DROP TRIGGER gaps_heal; DROP TABLE gaps; DROP TABLE deletions; DROP TABLE waiting_votes;
    CREATE TABLE members (chat_jid TEXT, member TEXT, role TEXT, at INTEGER, tick INTEGER); DROP TABLE member_words;
    INSERT INTO members VALUES ('g', 'm', 'admin', 5, 1); ALTER TABLE chats DROP COLUMN cleared_at; PRAGMA user_version = 3`);
  const again = openStaging(bed.paths.staging);
  expect(gapStore(again).open()).toBe(0);
  expect(again.db.prepare('SELECT count(*) FROM deletions').pluck().get()).toBe(0);
  const word = { chat_jid: 'g', member: 'm', told: 'word', role: 'admin', period: 5, first_at: 5, last_at: 5, tick: 1 };
  expect(again.db.prepare('SELECT * FROM member_words').all()).toEqual([word]);
  again.close();
});
