import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnreadableFile } from '../../../src/store/pages/page-file.ts';
import { type SalvageReport, salvageMessages } from '../../../src/store/salvage/salvage.ts';
import { seeded } from '../../support/random.ts';
import { compareWithSingleReads } from '../../support/salvage/comparison.ts';
import { copyOf, type DamageName, damages, overwrite } from '../../support/salvage/damages.ts';
import { storeWorld } from '../../support/salvage/stored-world.ts';

const messages = 1500;
let folder: string;
let sound: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'salvage-'));
  sound = storeWorld(folder, { messages, chats: 40 });
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;

async function salvage(name: DamageName, seed: number) {
  const damaged = copyOf(sound, join(folder, `${made}.db`));
  damages[name](damaged, seeded(seed));
  const to = join(folder, `${made++}.new.db`);
  const report = await salvageMessages(damaged, to);
  return { report, ...compareWithSingleReads(copyOf(damaged, `${damaged}.read`), sound, to) };
}

describe('Salvage recovers every row that single reads return', () => {
  test.each(Object.keys(damages) as DamageName[])('%s', async (name) => {
    const { brought, salvaged, missed } = await salvage(name, 2);
    expect(missed).toEqual([]);
    expect(salvaged).toBeGreaterThanOrEqual(brought);
  });
});

const rows = ({ tables }: SalvageReport, table: string) => tables.find((one) => one.table === table)?.rows;

describe('Salvage', () => {
  test('recovers every message, chat and contact without the first page, and more than SQLite does', async () => {
    const { report, brought } = await salvage('first page zeroed', 1);
    expect(brought).toBe(0);
    expect(['messages', 'chats', 'contacts', 'deletions', 'chat_members'].map((table) => rows(report, table))).toEqual([
      ...[messages, 40, 40, messages / 20, 320],
    ]);
    expect(report.notes).toEqual([expect.stringContaining('list of tables is lost')]);
  });

  test('recovers all of a sound file, and reports no loss', async () => {
    const to = join(folder, 'all.db');
    const report = await salvageMessages(sound, to);
    expect(report).toMatchObject({ looseRows: 0, missingPages: 0, notes: [], orphans: { rebuilt: 0, unmerged: 0 } });
    expect(report.losses.every(({ named }) => named === 0)).toBe(true);
    const { brought, salvaged, missed } = compareWithSingleReads(copyOf(sound, join(folder, 'read.db')), sound, to);
    expect([salvaged, missed]).toEqual([brought, []]);
  });

  test('never changes the damaged file or its log, and includes commits in the log', async () => {
    const live = new Database(copyOf(sound, join(folder, 'live.db')));
    live.pragma('wal_autocheckpoint = 0');
    live.exec("INSERT INTO chats (jid, kind) VALUES ('late@g.us', 'group')");
    const damaged = copyOf(join(folder, 'live.db'), join(folder, 'logged.db'));
    copyOf(join(folder, 'live.db-wal'), `${damaged}-wal`);
    live.close();
    damages['40 times 24 random bytes'](damaged, seeded(5));
    const before = [damaged, `${damaged}-wal`].map((path) => readFileSync(path));
    const names = readdirSync(folder).length;
    const to = join(folder, 'logged.new.db');
    await salvageMessages(damaged, to);
    const made = new Database(to, { readonly: true });
    expect(made.prepare("SELECT count(*) FROM chats WHERE jid = 'late@g.us'").pluck().get()).toBe(1);
    made.close();
    expect([damaged, `${damaged}-wal`].map((path, n) => readFileSync(path).equals(before[n] as Buffer))).toEqual([
      true,
      true,
    ]);
    expect(readdirSync(folder)).toHaveLength(names + 1);
  });

  test('includes commits in the log beside the target of a link', async () => {
    const disk = mkdtempSync(join(folder, 'disk-'));
    const target = copyOf(sound, join(disk, 'on-disk.db'));
    const live = new Database(target);
    live.pragma('wal_autocheckpoint = 0');
    live.exec("INSERT INTO chats (jid, kind) VALUES ('late@g.us', 'group')");
    const link = join(folder, 'link.db');
    symlinkSync(target, link);
    const { tables } = await salvageMessages(link, join(folder, 'linked.new.db'));
    live.close();
    expect(tables.find(({ table }) => table === 'chats')?.rows).toBe(41);
  });

  test('recreates lost chats from their addresses, so that their messages are found', async () => {
    const damaged = copyOf(sound, join(folder, 'chats.db'));
    const db = new Database(damaged, { readonly: true });
    const pages = db.prepare<[], number>(
      "SELECT pageno FROM dbstat WHERE name IN ('chats', 'sqlite_autoindex_chats_1')",
    );
    for (const page of pages.pluck().all()) overwrite(damaged, (page - 1) * 4096, Buffer.alloc(4096));
    db.close();
    const report = await salvageMessages(damaged, join(folder, 'chats.new.db'));
    expect([rows(report, 'messages'), rows(report, 'chats'), report.orphans.rebuilt]).toEqual([messages, 0, 40]);
    const made = new Database(join(folder, 'chats.new.db'), { readonly: true });
    const kinds = made.prepare('SELECT kind, count(*) FROM chats GROUP BY kind ORDER BY kind').raw().all();
    made.close();
    expect(kinds).toEqual([
      ['direct', 31],
      ['group', 9],
    ]);
  });

  test('reports how many lost rows an index still names', async () => {
    const damaged = copyOf(sound, join(folder, 'leaf.db'));
    const db = new Database(damaged, { readonly: true });
    const leaf = db.prepare<[], { pageno: number; ncell: number }>(
      "SELECT pageno, ncell FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 9",
    );
    const { pageno, ncell } = leaf.get() as { pageno: number; ncell: number };
    db.close();
    overwrite(damaged, (pageno - 1) * 4096, Buffer.alloc(4096));
    const { losses } = await salvageMessages(damaged, join(folder, 'leaf.new.db'));
    const [loss] = losses.filter(({ table }) => table === 'messages');
    expect(loss).toMatchObject({ named: ncell, lastNumber: messages });
    expect(loss?.ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBe(ncell);
  });

  test('keeps the beginning of a text whose end is lost', async () => {
    const damaged = copyOf(sound, join(folder, 'long.db'));
    const db = new Database(damaged);
    const seq = db
      .prepare('SELECT seq FROM messages WHERE length(content) > 8000 AND raw IS NULL LIMIT 1')
      .pluck()
      .get() as number;
    const content = db.prepare('SELECT content FROM messages WHERE seq = ?').pluck().get(seq) as string;
    const pages = db.prepare<[], number>(
      "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'overflow' AND path LIKE '%+000000'",
    );
    for (const page of pages.pluck().all()) overwrite(damaged, (page - 1) * 4096, Buffer.alloc(4, 0xff));
    db.close();
    const report = await salvageMessages(damaged, join(folder, 'long.new.db'));
    expect(report.tables.find(({ table }) => table === 'messages')?.cut).toBeGreaterThan(0);
    const made = new Database(join(folder, 'long.new.db'), { readonly: true });
    const kept = made.prepare('SELECT content FROM messages WHERE seq = ?').pluck().get(seq) as string;
    made.close();
    expect(kept.length).toBeGreaterThan(4000);
    expect(content.startsWith(kept.slice(0, 3000))).toBe(true);
  });

  test('keeps the part of a row in its own page when its other pages are damaged', async () => {
    const damaged = copyOf(sound, join(folder, 'noise.db'));
    const db = new Database(damaged, { readonly: true });
    const pages = db.prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'overflow'");
    for (const page of pages.pluck().all()) overwrite(damaged, (page - 1) * 4096, Buffer.alloc(4096, 0x41));
    db.close();
    const report = await salvageMessages(damaged, join(folder, 'noise.new.db'));
    expect(rows(report, 'messages')).toBe(messages);
  });

  test.each([
    ['of nothing but zeros', Buffer.alloc(40_960)],
    ['of text', Buffer.from('no database '.repeat(4000))],
    ['that is empty', Buffer.alloc(0)],
  ])('reports for a file %s that nothing is left, and leaves no file behind', async (_, content) => {
    const damaged = join(folder, 'nothing.db');
    writeFileSync(damaged, content);
    const to = join(folder, 'nothing.new.db');
    await expect(salvageMessages(damaged, to)).rejects.toThrow(UnreadableFile);
    expect(readdirSync(folder).filter((name) => name.startsWith('nothing.new'))).toEqual([]);
  });

  test('stops on abort, and leaves no file behind', async () => {
    const to = join(folder, 'stopped.db');
    await expect(salvageMessages(sound, to, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });
});
