import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DoctorEnvironment } from '../../src/cli/doctor/check.ts';
import { examine } from '../../src/cli/doctor.ts';
import { dataPaths } from '../../src/config.ts';
import { createDeviceLock } from '../../src/store/sqlite/lock.ts';
import { DoctorSite, healthyBridge } from '../support/e2e/doctor-site.ts';
import { testConfig } from '../support/fakes/config.ts';
import { MessagesDb } from '../support/rows/messages-db.ts';

let db: DoctorSite;
beforeEach(() => {
  db = new DoctorSite();
});
afterEach(() => db.close());

const site: DoctorSite['site'] = (changes) => db.site(changes);
const link: DoctorSite['link'] = (additionalData) => db.link(additionalData);
const finding: DoctorSite['finding'] = (name, changes) => db.finding(name, changes);

describe('doctor', () => {
  test('finds nothing on a linked account in good order, and names no fix', async () => {
    link();
    const report = await examine(site());
    expect(report.checks.filter(({ verdict, fix }) => verdict !== 'ok' || fix !== undefined)).toEqual([]);
    expect(report.verdict).toBe('ok');
    expect(report.checks.map(({ name }) => name)).toEqual([
      ...[
        'version',
        'Node',
        'settings',
        'data directory',
        'shared folder',
        'permissions',
        'disk space',
        'clock',
        'schema',
        'databases',
      ],
      ...['messages', 'small files', 'lock', 'left-overs', 'credentials', 'wa-bridge', 'bridge'],
    ]);
  });

  test('warns where no phone is linked, tries no connection then, and says how to link one', async () => {
    const bridge = () => {
      throw new Error('connected');
    };
    const report = await examine(site({ bridge }));
    expect(report.verdict).toBe('warn');
    const ailing = report.checks.filter(({ verdict }) => verdict !== 'ok');
    expect(ailing.map(({ name }) => name)).toEqual(['credentials', 'bridge']);
    for (const { fix } of ailing) expect(fix).toContain('login');
  });

  test('looks at a folder that is not there without making it', async () => {
    const missing = join(db.folder, 'not', 'yet');
    const report = await examine(site({ config: testConfig(missing), paths: dataPaths(missing) }));
    expect(report.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(() => chmodSync(missing, 0o700)).toThrow('ENOENT');
  });

  test('shows no phone number', async () => {
    link();
    const bridge = async () => ({
      ...healthyBridge,
      state: 'replaced',
      message: 'of +15550100199',
      next_step: 'Ask 15550100199',
    });
    const text = JSON.stringify(await examine(site({ bridge })));
    expect(text).toContain('…99');
    expect(text).not.toContain('15550100199');
  });
});

describe('what is broken on purpose is found:', () => {
  test('a data directory that is a file', async () => {
    const file = join(db.folder, 'file');
    writeFileSync(file, '', { mode: 0o600 });
    const config = testConfig(join(file, 'data'));
    const found = await finding('data directory', { config });
    expect(found).toMatchObject({ verdict: 'fail', fix: expect.stringContaining('WHATSAPP_DATA_DIR') });
  });

  test('files that others can read', async () => {
    chmodSync(db.paths.messages, 0o644);
    const found = await finding('permissions');
    expect(found).toMatchObject({ verdict: 'fail', fix: `chmod -R go= '${db.folder}'` });
    expect(found?.message).toContain('1 of its files or folders');
    expect(found?.message).toContain('messages.db');
  });

  test('folders that others can enter', async () => {
    mkdirSync(join(db.folder, 'baileys'), { recursive: true });
    chmodSync(join(db.folder, 'baileys'), 0o755);
    expect(await finding('permissions')).toMatchObject({ verdict: 'fail' });
  });

  test.each([
    [50, 'fail'],
    [500, 'warn'],
    [5000, 'ok'],
  ])('%d MB on the disk: %s', async (megabytes, verdict) => {
    expect(await finding('disk space', { freeBytes: () => megabytes * 1024 * 1024 })).toMatchObject({ verdict });
  });

  test('a clock that is off, either way', async () => {
    for (const off of [-600_000, 600_000]) {
      const found = await finding('clock', { now: () => Date.now() + off });
      expect(found).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/(599|60[01]) seconds apart/) });
    }
  });

  test('a clock that was set back since something was written', async () => {
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(db.paths.messages, tomorrow, tomorrow);
    expect(await finding('clock')).toMatchObject({ verdict: 'fail', message: expect.stringContaining('future') });
  });

  test.each([
    ['v18.20.4', 'fail'],
    ['v20.17.0', 'fail'],
    ['v22.0.0', 'ok'],
  ])('Node %s: %s', async (nodeVersion, verdict) => {
    expect(await finding('Node', { nodeVersion })).toMatchObject({ verdict });
  });

  test('a messages.db of a newer program', async () => {
    db.db.pragma('user_version = 999');
    expect(await finding('schema')).toMatchObject({ verdict: 'fail', fix: expect.stringContaining('Update') });
  });

  test('a damaged database, each with a fix of its own', async () => {
    writeFileSync(db.paths.search, 'no database at all, but long enough to look at'.repeat(100), { mode: 0o600 });
    expect(await finding('databases')).toMatchObject({ verdict: 'warn', fix: expect.stringContaining('Delete it') });
    mkdirSync(join(db.folder, 'baileys'), { recursive: true, mode: 0o700 });
    writeFileSync(db.paths.staging, 'neither is this'.repeat(100), { mode: 0o600 });
    const found = await finding('databases');
    expect(found).toMatchObject({ verdict: 'fail', message: expect.stringContaining('staging.db') });
  });

  test('damage inside a database that can be opened', async () => {
    const chat = db.chat('15550101@s.whatsapp.net');
    for (let n = 0; n < 500; n++) db.message(chat, { content: 'x'.repeat(300) });
    db.db.pragma('wal_checkpoint(TRUNCATE)');
    db.db.unsafeMode(true);
    db.db.pragma('writable_schema = ON');
    db.db.prepare("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'messages_by_time'").run();
    db.db.pragma('writable_schema = OFF');
    expect(await finding('databases')).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('messages.db'),
    });
  });

  test('credentials of the other world, and credentials that cannot be read', async () => {
    link({ sim: true });
    expect(await finding('credentials')).toMatchObject({
      verdict: 'fail',
      message: expect.stringMatching(/simulated/),
    });
    writeFileSync(db.paths.auth, 'damaged'.repeat(1000));
    expect(await finding('credentials')).toMatchObject({ verdict: 'fail', message: 'auth.db cannot be read.' });
  });

  test('a lock that a process elsewhere holds, while one of this machine is in order', async () => {
    const lock = createDeviceLock(db.paths.lock);
    lock.tryAcquire();
    try {
      link();
      const here = await finding('lock');
      expect(here).toMatchObject({ verdict: 'ok', message: expect.stringContaining(`Process ${process.pid} `) });
      expect(await finding('lock', { isAlive: () => false })).toMatchObject({ verdict: 'warn' });
      expect(await finding('bridge')).toMatchObject({ verdict: 'ok', message: 'Another process has the connection.' });
    } finally {
      lock.release();
    }
    expect(await finding('lock')).toMatchObject({ verdict: 'ok', message: 'Nobody has the connection.' });
  });
});

describe('With --fix', () => {
  const mended = async (name: string, changes: Partial<DoctorEnvironment> = {}) => {
    const { checks } = await examine(site(changes), { fix: true });
    return checks.find((check) => check.name === name);
  };

  test('nothing is done to what is in order', async () => {
    link();
    const { checks } = await examine(site(), { fix: true });
    expect(checks.filter(({ name, done }) => done !== undefined && name !== 'left-overs')).toEqual([]);
  });

  test('files and folders are closed to others, and what a link leads to is left alone', async () => {
    const elsewhere = new MessagesDb();
    chmodSync(elsewhere.paths.messages, 0o644);
    symlinkSync(elsewhere.folder, join(db.folder, 'linked'));
    chmodSync(db.paths.messages, 0o664);
    chmodSync(db.folder, 0o755);
    expect(await mended('permissions')).toMatchObject({ verdict: 'ok', done: expect.stringContaining('Closed 2 ') });
    expect([statSync(db.paths.messages).mode & 0o777, statSync(db.folder).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(statSync(elsewhere.paths.messages).mode & 0o777).toBe(0o644);
    elsewhere.close();
  });

  test('a data directory that is not there is made, for its user alone', async () => {
    const missing = join(db.folder, 'not', 'yet');
    const found = await mended('data directory', { config: testConfig(missing), paths: dataPaths(missing) });
    expect(found).toMatchObject({ verdict: 'ok', done: `Made ${missing}.` });
    expect(statSync(missing).mode & 0o777).toBe(0o700);
  });

  test('a damaged search index is deleted, no other database', async () => {
    const broken = 'no database at all, but long enough to look at'.repeat(100);
    mkdirSync(join(db.folder, 'baileys'), { recursive: true, mode: 0o700 });
    for (const path of [db.paths.search, db.paths.staging]) writeFileSync(path, broken, { mode: 0o600 });
    expect(await mended('databases')).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('staging.db'),
      done: expect.stringContaining('search.db'),
    });
    expect([existsSync(db.paths.search), existsSync(db.paths.staging)]).toEqual([false, true]);
  });

  test('what a killed process left is removed, the name of a living owner is not', async () => {
    const lock = createDeviceLock(db.paths.lock);
    lock.tryAcquire();
    expect((await finding('left-overs'))?.message).toBe('None.');
    await mended('left-overs');
    expect(lock.owner()).toMatchObject({ pid: process.pid });
    lock.release();
    writeFileSync(`${db.paths.lock}.owner`, '{}', { mode: 0o600 });
    mkdirSync(join(db.folder, 'clock-aB3dE6'), { mode: 0o700 });
    mkdirSync(join(db.folder, 'clock-work'), { mode: 0o700 });
    const drafts = ['messages.db.123.draft', 'messages.db.123.new', 'messages.db.123.new.123.draft-journal'];
    const kept = ['messages.db.45.draft', 'messages.db.before-20261130T225116Z'];
    for (const name of [...drafts, ...kept]) writeFileSync(join(db.folder, name), '');
    const isAlive = (pid: number) => pid === 45;
    expect((await finding('left-overs', { isAlive }))?.message).toMatch(/^5 of a process that was killed/);
    expect(await mended('left-overs', { isAlive })).toMatchObject({
      message: 'None.',
      done: expect.stringMatching(/^Removed \d+ /),
    });
    expect(
      readdirSync(db.folder)
        .filter((name) => /^messages\.db\./.test(name))
        .sort(),
    ).toEqual(kept);
    expect(readdirSync(db.folder).filter((name) => name.startsWith('clock-'))).toEqual(['clock-work']);
  });
});
