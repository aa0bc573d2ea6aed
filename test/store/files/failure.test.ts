import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { failedOutcome } from '../../../src/server/run.ts';
import { asStoreFailure, faultOf, nameFile, repairOf, storeFailure } from '../../../src/store/files/failure.ts';
import { openQueryOnly, openWriter } from '../../../src/store/sqlite/database.ts';
import { asSyncFailure } from '../../../src/sync/failure.ts';

const sqlite = (code: string) => new Database.SqliteError('words of SQLite', code);
const system = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: words of Node`), { code, syscall: 'open', ...(path && { path }) });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failure-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('errors of SQLite and the system', () => {
  test.each([
    ['SQLITE_FULL', 'full', true, /disk is full/],
    ['SQLITE_READONLY_DIRECTORY', 'read_only', false, /read-only/],
    ['SQLITE_CORRUPT_VTAB', 'damaged', false, /is damaged/],
    ['SQLITE_NOTADB', 'not_a_database', false, /is no database/],
    ['SQLITE_IOERR_READ', 'io', false, /the disk reports an error/],
    ['SQLITE_BUSY_SNAPSHOT', 'locked', true, /locked by another process/],
    ['SQLITE_PERM', 'not_permitted', false, /may not be opened/],
  ])('%s is %s', (code, reason, retryable, words) => {
    const path = join(folder, 'messages.db');
    expect(failedOutcome(nameFile(sqlite(code), path))).toMatchObject({
      ok: false,
      error: {
        error_code: 'store_unavailable',
        message: expect.stringMatching(words),
        hint: expect.stringMatching(/^[A-Z].*\.$/),
        retryable,
        details: { file: 'messages.db', reason },
      },
    });
  });

  test.each([
    ['ENOSPC', 'full'],
    ['EROFS', 'read_only'],
    ['EACCES', 'not_permitted'],
    ['ENOTDIR', 'cannot_open'],
  ])('%s of the file system is %s', (code, reason) => {
    const failure = asStoreFailure(system(code, join(folder, 'auth.db')));
    expect(failure).toMatchObject({ code: 'store_unavailable', details: { file: 'auth.db', reason } });
    expect(failure?.message).not.toContain(folder);
  });

  test('other errors are not store failures: our own stay as they are, and so do defects', () => {
    expect(asStoreFailure(new TypeError('x'))).toBeUndefined();
    expect(asStoreFailure(sqlite('SQLITE_CONSTRAINT'))).toBeUndefined();
    expect(
      asStoreFailure(Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' })),
    ).toBeUndefined();
    const ours = new AppError('not_found', 'There is none.');
    expect(asStoreFailure(ours)).toBe(ours);
    expect(failedOutcome(new TypeError('x'))).toMatchObject({ error: { error_code: 'internal' } });
  });

  test('the steps for a damaged messages.db are salvage, restore, and linking again as the last resort', () => {
    const steps = ['doctor --salvage', 'restore', 'link the phone again'].map((step) =>
      repairOf('messages.db').indexOf(step),
    );
    expect(steps).not.toContain(-1);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });
});

describe('a connection', () => {
  test('names its file in every error, whatever the call', () => {
    const path = join(folder, 'staging.db');
    writeFileSync(path, 'x'.repeat(5000));
    const fileOf = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return asStoreFailure(error)?.details?.['file'];
      }
      return 'no error';
    };
    expect(fileOf(() => openWriter(path))).toBe('staging.db');
    const db = openQueryOnly(path);
    expect(fileOf(() => db.prepare('SELECT * FROM sqlite_schema'))).toBe('staging.db');
    expect(fileOf(() => db.exec('SELECT * FROM sqlite_schema'))).toBe('staging.db');
    expect(fileOf(() => db.pragma('user_version'))).toBe('staging.db');
    expect(fileOf(() => db.transaction(() => {}).immediate())).toBe('staging.db');
    db.close();
  });

  test('names its file when a commit fails or the lock is taken', () => {
    const path = join(folder, 'messages.db');
    const [one, other] = [openWriter(path), openWriter(path)];
    other.pragma('busy_timeout = 0');
    one.exec('BEGIN IMMEDIATE');
    let thrown: unknown;
    try {
      other.transaction(() => {}).immediate();
    } catch (error) {
      thrown = error;
    }
    expect(faultOf(thrown)).toBe('locked');
    expect(asStoreFailure(thrown)).toMatchObject({ retryable: true, details: { file: 'messages.db' } });
    one.close();
    other.close();
  });
});

/** How many files this process may have open; a huge limit is not worth reaching. */
const fileLimit = Number(
  (process.report.getReport() as { userLimits?: { open_files: { soft: string } } }).userLimits?.open_files.soft,
);

test.runIf(fileLimit <= 65_536)('SQLite does not say that too many files are open, the file system does', () => {
  const path = join(folder, 'messages.db');
  openWriter(path).close();
  const open: number[] = [];
  let refused: unknown;
  try {
    while (open.length <= fileLimit) open.push(openSync(folder, 'r'));
  } catch (error) {
    refused = error;
  }
  let thrown: unknown;
  try {
    openQueryOnly(path).close();
  } catch (error) {
    thrown = asStoreFailure(error);
  } finally {
    for (const file of open) closeSync(file);
  }
  expect(faultOf(refused)).toBe('too_few_files');
  expect(thrown).toMatchObject({ details: { reason: 'too_few_files' }, hint: expect.stringContaining('ulimit -n') });
});

describe('the failure of a copy', () => {
  test('keeps its code, and is retryable only where a retry can help', () => {
    const full = asSyncFailure(nameFile(sqlite('SQLITE_FULL'), '/x/messages.db'));
    expect(full).toMatchObject({ code: 'database_sync_failed', retryable: true, hint: expect.stringMatching(/room/) });
    const damaged = asSyncFailure(nameFile(sqlite('SQLITE_CORRUPT'), '/x/messages.db'));
    expect(damaged).toMatchObject({ code: 'database_sync_failed', retryable: false });
    expect(damaged.hint).toContain('--salvage');
    expect(asSyncFailure(new TypeError('x'))).toMatchObject({ code: 'database_sync_failed', retryable: true });
    expect(asSyncFailure(storeFailure('read_only', 'search.db'))).toMatchObject({ code: 'store_unavailable' });
    expect(asSyncFailure(new AppError('cancelled', 'Stopped.'))).toMatchObject({ code: 'cancelled' });
  });
});
