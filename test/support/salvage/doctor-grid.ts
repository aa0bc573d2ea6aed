import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { bridgePaths, dataPaths } from '../../../src/config.ts';
import { openAllowance } from '../../../src/store/allowance.ts';
import { openAuth } from '../../../src/store/auth.ts';
import { openIndex } from '../../../src/store/search/indexer.ts';
import { createDeviceLock } from '../../../src/store/sqlite/lock.ts';
import { openStaging } from '../../../src/store/staging/staging.ts';
import { seeded } from '../random.ts';
import { damages } from './damages.ts';
import { storeWorld } from './stored-world.ts';

/** Every file of a data directory, by its name. */
export function filesOf(dataDir: string): Record<string, string> {
  const { env, messages, search, lookups, auth, staging, lock } = dataPaths(dataDir);
  const { address, token, session, lock: bridgeLock } = bridgePaths(dataDir);
  return {
    'messages.db': messages,
    'search.db': search,
    'lookups.db': lookups,
    'auth.db': auth,
    'staging.db': staging,
    'lock.db': lock,
    'whatsmeow.db': session,
    'whatsmeow.lock.db': bridgeLock,
    'bridge.json': address,
    'bridge-token': token,
    '.env': env,
  };
}

/** A data directory of a linked account with all files intact. */
export function fillDirectory(dataDir: string): void {
  const files = filesOf(dataDir) as Record<string, string>;
  mkdirSync(join(dataDir, 'baileys'), { recursive: true, mode: 0o700 });
  storeWorld(dataDir, { messages: 150, chats: 10 });
  openIndex(files['search.db'] as string).close();
  const staging = openStaging(files['staging.db'] as string);
  staging.close();
  openAllowance(files['lookups.db'] as string).close();
  fillAuth(files['auth.db'] as string);
  const lock = createDeviceLock(files['lock.db'] as string);
  lock.tryAcquire();
  lock.release();
  fillSession(files['whatsmeow.db'] as string);
  writeFileSync(files['whatsmeow.lock.db'] as string, '');
  writeFileSync(files['bridge.json'] as string, JSON.stringify({ pid: 999_999_999, url: 'http://127.0.0.1:9' }));
  writeFileSync(files['bridge-token'] as string, `${'ab'.repeat(32)}\n`);
  writeFileSync(files['.env'] as string, 'WHATSAPP_LOG_LEVEL=info\n');
}

function fillAuth(path: string): void {
  const auth = openAuth(path);
  const value = JSON.stringify({ me: { id: '15550100:1@s.whatsapp.net' }, account: {}, additionalData: {} });
  auth.set([
    { type: 'creds', id: 'self', value },
    ...Array.from({ length: 300 }, (_, n) => ({ type: 'session', id: `${n}`, value: `"${'k'.repeat(200)}"` })),
  ]);
  auth.close();
}

function fillSession(path: string): void {
  const db = new Database(path);
  db.exec('CREATE TABLE whatsmeow_device (jid TEXT PRIMARY KEY, keys BLOB) STRICT');
  const insert = db.prepare('INSERT INTO whatsmeow_device VALUES (?, randomblob(500))');
  for (let n = 0; n < 100; n++) insert.run(`${n}`);
  db.close();
}

const pageOf = (path: string): number => Math.min(4096, statSync(path).size);

/** Damage to one file. Small files are damaged where a larger one would lose a page. */
export const fates: Record<string, (path: string) => void> = {
  missing: (path) => removeWithLog(path),
  empty: (path) => {
    removeWithLog(path);
    writeFileSync(path, '');
  },
  'first page zeroed': (path) => {
    const content = readFileSync(path);
    content.fill(0, 0, pageOf(path));
    writeFileSync(path, content);
  },
  '24 random bytes': (path) => statSync(path).size > 100 && damages['24 random bytes'](path, seeded(7)),
  '5 % of pages': (path) => statSync(path).size > 8192 && damages['5 % of pages'](path, seeded(3)),
  'half of it': (path) => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size >> 1)),
  "another program's": (path) => {
    removeWithLog(path);
    const db = new Database(path);
    db.exec('CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 3');
    db.close();
  },
  'a folder': (path) => {
    removeWithLog(path);
    mkdirSync(path);
  },
  "another user's": (path) => process.getuid?.() === 0 && chownSync(path, 65_534, 65_534),
};

function removeWithLog(path: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
}

/** Whether SQLite or the check of the file's pages finds a fault. */
export function isDamaged(path: string): boolean {
  if (!existsSync(path)) return false;
  if (!statSync(path).isFile()) return true;
  if (!path.endsWith('.db')) return false;
  const copy = join(dirname(path), 'looked-at.db');
  for (const ending of ['', '-wal']) {
    if (existsSync(path + ending)) writeFileSync(copy + ending, readFileSync(path + ending));
  }
  const db = new Database(copy);
  try {
    return db.pragma('integrity_check(1)', { simple: true }) !== 'ok';
  } catch {
    return true;
  } finally {
    db.close();
    removeWithLog(copy);
  }
}
