import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MessageChange } from '../../../src/domain/message.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { migrate, migrationsFolder, openWriter } from '../../../src/store/sqlite/database.ts';
import { changeApplier } from '../../../src/store/write/apply-changes.ts';
import { ada, type Bed, ben, change, eve, group, message, openBed } from '../../sync/fixtures.ts';

const sent = { timestamp: 1_760_000_000 };
const at = (sent.timestamp + 60) * 1000;
const document = {
  ...{ ...sent, chatJid: group, sender: ada.pn, type: 'document' as const, content: 'quince', filename: 'quince.pdf' },
  ...{ title: 'quince', details: { link: { title: 'quince' } }, raw: Buffer.from('quince '.repeat(1000)) },
};

/** Ingests a live batch and copies it. */
async function live(bed: Bed, batch: Omit<Parameters<Bed['sink']['ingest']>[0], 'lane'>): Promise<void> {
  bed.sink.ingest({ lane: 'live', ...batch });
  await bed.run('live');
}

const does = (actor: string, overrides: Partial<MessageChange>): MessageChange =>
  change({ chatJid: group, actor, at, ...overrides });
const revoke = (actor: string) => does(actor, { kind: 'revoke', value: '', at: at + 5000 });
const shown = (bed: Bed) =>
  bed.rows('SELECT type, content, filename, title, details, hex(raw) AS raw, edited_at, revoked_at FROM messages');

/** Every row of every table that contains a word, also in bytes. */
function whereIs(bed: Bed, word: string): string[] {
  const hex = Buffer.from(word).toString('hex').toUpperCase();
  return [bed.db, bed.staging.db].flatMap((db) => {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
    return tables.filter((table) =>
      db
        .prepare(`SELECT * FROM "${table}"`)
        .all()
        .some((row) =>
          Object.values(row as object).some((value) =>
            Buffer.isBuffer(value) ? value.toString('hex').toUpperCase().includes(hex) : String(value).includes(word),
          ),
        ),
    );
  });
}

function detail(bed: Bed) {
  const reader = openReader(bed.paths);
  try {
    return reader.messages.get('A0');
  } finally {
    reader.close();
  }
}

describe('A message revoked by its author', () => {
  test('loses its text everywhere, including edits and attempts by others', async () => {
    const bed = openBed();
    await live(bed, { messages: [message(document)] });
    await live(bed, { changes: [does(ada.pn, { value: 'quince jam' }), does(eve.pn, { value: 'no quince' })] });
    expect(whereIs(bed, 'quince')).toEqual(['messages', 'changes', 'originals']);
    await live(bed, { changes: [revoke(ada.pn)] });
    await live(bed, { messages: [message(document)], changes: [does(ada.pn, { value: 'quince again', at: at + 1 })] });
    await bed.run('live');
    expect(whereIs(bed, 'quince')).toEqual([]);
    bed.db.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(bed.paths.messages).includes('quince')).toBe(false);
    expect(shown(bed)).toMatchObject([{ type: 'revoked', edited_at: at / 1000, revoked_at: at / 1000 + 5 }]);
    expect(detail(bed)).toMatchObject({ content: '', edits: [] });
  });
});

describe('A change that is no longer valid', () => {
  test.each([
    [
      'a pair that was wrong',
      { lidPairs: [eve] },
      ada.lid,
      { lidPairs: [ada] },
      { lidPairs: [{ pn: eve.pn, lid: ada.lid }] },
    ],
    [
      'a role that was another one',
      {},
      ben.pn,
      { members: [{ chatJid: group, member: ben.pn, role: 'admin', at: at - 9000, told: 'list' }] as const },
      { members: [{ chatJid: group, member: ben.pn, role: 'member', at: at - 1, told: 'demote' }] as const },
    ],
    [
      'a list that no longer named them',
      {},
      ben.pn,
      { members: [{ chatJid: group, member: ben.pn, role: 'admin', at: at - 9000, told: 'list' }] as const },
      { chats: [{ jid: group, membersAt: at - 1 }] },
    ],
  ])('by %s is undone completely', async (_, known, actor, learned, better) => {
    const bed = openBed();
    await live(bed, { ...known, messages: [message(document)] });
    const before = shown(bed);
    await live(bed, { changes: [revoke(actor)] });
    expect(shown(bed)).toEqual(before);
    await live(bed, { ...learned, members: [...('members' in learned ? learned.members : [])] });
    expect(shown(bed)).toMatchObject([{ type: 'revoked', content: '', raw: '', filename: null }]);
    expect(detail(bed)).toMatchObject({ content: '', edits: [], details: null });
    await live(bed, { ...better, members: [...('members' in better ? better.members : [])] });
    expect(shown(bed)).toEqual(before);
    expect(bed.rows('SELECT * FROM originals')).toEqual([]);
  });

  test('can be undone for seven days', async () => {
    const bed = openBed();
    await live(bed, { messages: [message(document)], lidPairs: [ada] });
    await live(bed, { changes: [revoke(ada.lid)] });
    const age = (seconds: number) => bed.db.prepare('UPDATE originals SET taken_at = unixepoch() - ?').run(seconds);
    age(7 * 86_400 - 600);
    await bed.run('live');
    expect(whereIs(bed, 'quince')).toEqual(['originals']);
    age(7 * 86_400 + 600);
    await bed.run('live');
    expect(whereIs(bed, 'quince')).toEqual([]);
    await live(bed, { lidPairs: [{ pn: eve.pn, lid: ada.lid }] });
    expect(shown(bed)).toMatchObject([{ type: 'revoked', content: '', revoked_at: at / 1000 + 5 }]);
  });
});

test('A copy under the other address fills a message from its original, not from an edit', async () => {
  const bed = openBed();
  const poor = { ...sent, type: 'unsupported' as const, content: '' };
  await live(bed, {
    messages: [message(poor), message({ ...sent, chatJid: ada.lid, sender: ada.lid, content: 'first' })],
  });
  await live(bed, { changes: [change({ chatJid: ada.lid, actor: ada.lid, at, value: 'second' })] });
  const taken = message({ ...sent, chatJid: group, id: 'C1', sender: eve.lid, content: 'first' });
  await live(bed, { messages: [message({ ...poor, chatJid: group, id: 'C1', sender: eve.pn }), taken] });
  await live(bed, { changes: [does(eve.pn, { messageId: 'C1', value: 'second' })] });
  const admin = { chatJid: group, member: ben.pn, role: 'admin', at, told: 'list' } as const;
  await live(bed, {
    messages: [
      { ...taken, id: 'C2' },
      { ...taken, id: 'C2', sender: eve.pn },
    ],
    members: [admin],
  });
  await live(bed, { changes: [{ ...revoke(ben.pn), messageId: 'C2' }] });
  expect(bed.rows('SELECT id FROM conflicts ORDER BY id')).toEqual([{ id: 'C1' }, { id: 'C2' }]);
  await live(bed, { lidPairs: [ada, eve] });
  expect(bed.rows("SELECT type FROM messages WHERE id = 'C2'")).toEqual([{ type: 'revoked' }]);
  const originals =
    "SELECT o.content AS first, m.content FROM originals AS o JOIN messages AS m ON m.seq = o.message_seq AND m.type <> 'revoked'";
  const both = { first: 'first', content: 'second' };
  expect(bed.rows(originals)).toEqual([both, both]);
});

test('get_message shows the original text before the valid edits, and no other', async () => {
  const bed = openBed();
  await live(bed, { messages: [message({ ...sent, chatJid: group, content: 'first' })] });
  await live(bed, { changes: [does(eve.pn, { value: 'forged' }), does(ada.lid, { value: 'waits' })] });
  expect(detail(bed)).toMatchObject({ content: 'first', edited: false, edits: [] });
  await live(bed, { changes: [does(ada.pn, { value: 'second', at: at + 1000 })] });
  expect(detail(bed).edits).toEqual([
    { at: '2025-10-09T08:53:20.000Z', content: 'first', original: true },
    { at: '2025-10-09T08:54:21.000Z', content: 'second' },
  ]);
});

test('changes by an earlier version stay, and its facts about members are kept', async () => {
  const bed = openBed();
  const older = join(bed.folder, 'older');
  mkdirSync(older);
  for (const name of readdirSync(migrationsFolder()).filter((one) => one < '005')) {
    cpSync(join(migrationsFolder(), name), join(older, name));
  }
  const db = openWriter(join(bed.folder, 'older.db'));
  migrate(db, older);
  db.exec(`
    INSERT INTO chats (id, jid, kind, members_at) VALUES (1, '${group}', 'group', 9000);
    INSERT INTO chat_aliases VALUES ('${group}', 1);
    INSERT INTO chat_members VALUES (1, '${ben.pn}', 'admin', 9000);
    INSERT INTO messages (chat_id, id, timestamp, sender, from_me, type, content, edited_at, source)
      VALUES (1, 'A0', ${sent.timestamp}, '${ada.pn}', 0, 'text', 'forged', ${at / 1000}, 'baileys');
    INSERT INTO changes VALUES (1, 'A0', 'edit', '${eve.pn}', ${at}, 'forged', NULL);`);
  migrate(db);
  expect(db.prepare('SELECT member, told, role, last_at FROM member_words ORDER BY member').all()).toEqual([
    { member: '', told: 'list', role: 'left', last_at: 9000 },
    { member: ben.pn, told: 'word', role: 'admin', last_at: 9000 },
  ]);
  expect(db.prepare("SELECT value FROM meta WHERE key = 'min_writer'").pluck().get()).toBe('5');
  const apply = changeApplier(db);
  const content = () => db.prepare('SELECT content FROM messages').pluck().get();
  apply(1, 'A0');
  expect(content()).toBe('forged');
  db.prepare('INSERT INTO changes VALUES (1, ?, ?, ?, ?, ?, NULL)').run('A0', 'edit', ada.pn, at + 9, 'put right');
  apply(1, 'A0');
  expect(content()).toBe('put right');
  db.close();
});

test('facts are looked up in an index', () => {
  const { db } = openBed();
  const plan = (sql: string) =>
    db
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail: d }) => d)
      .join('; ');
  const changes = 'SELECT DISTINCT chat_id, message_id FROM main.changes';
  const ofGroup = `${changes} INDEXED BY changes_revoking WHERE chat_id = 1 AND kind = 'revoke'`;
  expect(plan(`${changes} WHERE actor = 'a' AND kind IN ('edit', 'revoke')`)).toMatch(
    /INDEX changes_by_actor \(actor=\?\)/,
  );
  expect(plan(ofGroup)).toMatch(/INDEX changes_revoking \(chat_id=\?\)/);
  expect(plan(`${ofGroup} AND actor IN ('a')`)).toMatch(/changes_revoking \(chat_id=\? AND actor=\?\)/);
});

test('of equal daily lists, two a month are kept', async () => {
  const bed = openBed();
  const days = Array.from({ length: 365 }, (_, day) => at + day * 86_400_000);
  const members = days.map((when) => ({
    chatJid: group,
    member: ben.pn,
    role: 'admin' as const,
    at: when,
    told: 'list' as const,
  }));
  bed.sink.ingest({ lane: 'history', chats: [{ jid: group }], members });
  await bed.run();
  expect(bed.rows('SELECT count(*) AS n, max(last_at) AS last FROM member_words')).toEqual([
    { n: 13, last: days.at(-1) },
  ]);
  expect(bed.rows('SELECT role, at FROM chat_members')).toEqual([{ role: 'admin', at: days.at(-1) }]);
});
