import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../../../src/cli/doctor.ts';
import { dataPaths } from '../../../src/config.ts';
import { DoctorSite } from '../../support/e2e/doctor-site.ts';
import { testConfig } from '../../support/fakes/config.ts';
import { fates, filesOf, fillDirectory, isDamaged } from '../../support/salvage/doctor-grid.ts';
import { hostileBackups } from '../../support/salvage/hostile-backups.ts';

let whole: string;
let place: string;
let db: DoctorSite;
beforeAll(() => {
  db = new DoctorSite();
  whole = mkdtempSync(join(tmpdir(), 'doctor-'));
  fillDirectory(whole);
});
afterAll(() => {
  db.close();
  for (const folder of [whole, place]) if (folder) rmSync(folder, { recursive: true, force: true });
});

async function look(): Promise<{ report: Awaited<ReturnType<typeof examine>>; text: string }> {
  const report = await examine(db.site({ config: testConfig(place), paths: dataPaths(place) }));
  return { report, text: JSON.stringify(report) };
}

function directory(): Record<string, string> {
  if (place) rmSync(place, { recursive: true, force: true });
  place = mkdtempSync(join(tmpdir(), 'doctor-'));
  cpSync(whole, place, { recursive: true });
  return filesOf(place);
}

test('all files in good order are well', async () => {
  directory();
  const { report } = await look();
  const ailing = report.checks.filter(({ verdict }) => verdict !== 'ok');
  // The umask determines the modes of the fixtures.
  expect(ailing.filter(({ name }) => name !== 'permissions')).toEqual([]);
});

/** For these a report of a loss is enough: they may be missing or empty in a new directory. */
const mayBeAbsent = new Set(['missing', 'empty']);

test('a read-only folder and a full disk: every check is made, and nothing is called damaged', async (context) => {
  const mount = mkdtempSync(join(tmpdir(), 'doctor-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', mount]).status !== 0) {
    rmdirSync(mount);
    return context.skip('this user may not mount a small disk');
  }
  try {
    rmSync(place, { recursive: true, force: true });
    place = join(mount, 'data');
    cpSync(whole, place, { recursive: true });
    for (let n = 0; fill(join(mount, `${n}`)); n++);
    const full = await look();
    expect(full.report.checks.filter(({ message }) => message.includes('damaged'))).toEqual([]);
    expect(full.report.checks).toContainEqual(expect.objectContaining({ name: 'clock', verdict: 'ok' }));
    expect(full.text).not.toContain('defect of this program');
    expect(spawnSync('mount', ['-o', 'remount,ro', mount]).status).toBe(0);
    const { report, text } = await look();
    expect(report.checks.find(({ name }) => name === 'data directory')).toMatchObject({ verdict: 'fail' });
    expect(report.checks.find(({ name }) => name === 'clock')).toMatchObject({ verdict: 'ok' });
    expect(report.checks.filter(({ message }) => message.includes('damaged'))).toEqual([]);
    expect(report.checks.find(({ name }) => name === 'databases')?.message).toContain('messages.db');
    expect(text).not.toContain('defect of this program');
  } finally {
    spawnSync('umount', [mount]);
    rmdirSync(mount);
    place = '';
  }
});

function fill(path: string): boolean {
  try {
    writeFileSync(path, Buffer.alloc(64 * 1024));
    return true;
  } catch {
    return false;
  }
}

test('a check that throws is a finding in words, and the checks after it are made', async () => {
  directory();
  const freeBytes = (): never => {
    throw new TypeError('x is not a function\n    at somewhere.ts:1');
  };
  const { checks } = await examine(db.site({ config: testConfig(place), paths: dataPaths(place), freeBytes }));
  const found = checks.find(({ name }) => name === 'disk space');
  expect(found).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/^This check could not be made: /) });
  expect(found?.message).not.toContain('\n');
  expect(checks.at(-1)?.name).toBe('bridge');
});

test('a damaged file is not touched, and neither is the log beside it', async () => {
  const messages = directory()['messages.db'] as string;
  const live = new Database(messages);
  live.pragma('wal_autocheckpoint = 0');
  live.exec("INSERT INTO chats (jid, kind) VALUES ('late@g.us', 'group')");
  const log = readFileSync(`${messages}-wal`);
  live.close();
  writeFileSync(`${messages}-wal`, log);
  fates['5 % of pages']?.(messages);
  const before = readFileSync(messages);
  const { report } = await look();
  expect(report.checks.find(({ name }) => name === 'databases')?.message).toContain('messages.db: it is damaged');
  expect([readFileSync(messages).equals(before), readFileSync(`${messages}-wal`).equals(log)]).toEqual([true, true]);
});

test('an index that lacks a row is found, though every page is in order', async () => {
  const messages = directory()['messages.db'] as string;
  const db = new Database(messages);
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.exec(`CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'messages_by_time';
    DELETE FROM sqlite_schema WHERE name = 'messages_by_time'`);
  db.pragma('writable_schema = RESET');
  db.exec(
    "INSERT INTO messages (chat_id, id, timestamp, from_me, type, source) VALUES (1, 'new', 1, 0, 'text', 'baileys')",
  );
  db.pragma('writable_schema = ON');
  db.exec('INSERT INTO sqlite_schema SELECT * FROM temp.kept');
  db.close();
  const { report } = await look();
  expect(report.checks.find(({ name }) => name === 'schema')).toMatchObject({ verdict: 'ok' });
  expect(report.checks.find(({ name }) => name === 'databases')).toMatchObject({
    verdict: 'fail',
    message: 'messages.db: the file is damaged.',
  });
});

test('no connection is tried over files that are not in order', async () => {
  const files = directory();
  fates['first page zeroed']?.(files['staging.db'] as string);
  const bridge = () => Promise.reject(new Error('connected'));
  const { checks } = await examine(db.site({ config: testConfig(place), paths: dataPaths(place), bridge }));
  expect(checks.at(-1)).toMatchObject({
    name: 'bridge',
    verdict: 'warn',
    message: expect.stringContaining('Not tried'),
  });
});

test('what no migration makes in messages.db is named, with what helps, and no SQL of it runs', async () => {
  const messages = directory()['messages.db'] as string;
  const found = async (name: string) => {
    for (const ending of ['', '-wal', '-shm']) rmSync(messages + ending, { force: true });
    hostileBackups[name]?.make(messages);
    return (await look()).report.checks.find((check) => check.name === 'schema');
  };
  expect(await found('a generated column of 8 MB')).toMatchObject({
    verdict: 'fail',
    message: expect.stringContaining('in another form: table chats'),
  });
  expect(await found('triggers that forge messages')).toMatchObject({
    verdict: 'fail',
    message: expect.stringContaining('trigger forge, trigger forge?too'),
    fix: expect.stringContaining('doctor --salvage'),
  });
});

/** Their loss costs nothing, so it is no failure. */
const isRemade = new Set(['search.db', 'lookups.db']);

test.each(Object.keys(filesOf('')).flatMap((file) => Object.keys(fates).map((fate) => [file, fate] as const)))(
  '%s %s: every check is made, and none calls it well',
  async (file, fate) => {
    const path = directory()[file] as string;
    fates[fate]?.(path);
    const wasDamaged = isDamaged(path);
    const before = wasDamaged && file.endsWith('.db') && fate !== 'a folder' ? readFileSync(path) : undefined;
    const { report, text } = await look();
    expect(report.checks).toHaveLength(17);
    expect(text).not.toMatch(/\bat .*\.ts:|Error:|\bstack\b|defect of this program/);
    for (const { verdict, fix } of report.checks) expect(fix === undefined).toBe(verdict === 'ok');
    const named = report.checks.filter(({ message, verdict }) => verdict !== 'ok' && message.includes(file));
    const isForeign = fate === "another program's" && !file.endsWith('lock.db');
    if (fate === "another user's" && process.getuid?.() === 0) expect(text).toContain('belong to another user');
    if (wasDamaged || isForeign) expect(named.length).toBeGreaterThan(0);
    if (before !== undefined) expect(readFileSync(path).equals(before)).toBe(true);
    if (!mayBeAbsent.has(fate) && wasDamaged && !isRemade.has(file)) expect(report.verdict).toBe('fail');
  },
);
