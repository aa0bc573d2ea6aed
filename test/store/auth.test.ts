import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeyValueStore } from '../../bridges/bridge.ts';
import { openAuth } from '../../src/store/auth.ts';
import { compiled } from '../support/setup/compiled.ts';

let folder: string;
let path: string;
let store: KeyValueStore;
let clock = 1_000_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auth-'));
  path = join(folder, 'baileys', 'auth.db');
  store = openAuth(path, () => clock);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const entry = (hash: string, stanzaId: string | null = 'A1', source = 'chat sender') => ({
  hash,
  plain: new Uint8Array([1, 2, 3]),
  stanza: new Uint8Array([9]),
  stanzaId,
  source,
});
const stanza = (id: string, source = 'chat sender') => ({ id, source });

test('keys are read back per type, unknown ids are left out, null deletes', () => {
  store.set([
    { type: 'session', id: 'a', value: 'one' },
    { type: 'pre-key', id: 'a', value: 'two' },
  ]);
  expect(store.get('session', ['a', 'missing'])).toEqual(new Map([['a', 'one']]));
  store.set([
    { type: 'session', id: 'a', value: 'three' },
    { type: 'pre-key', id: 'a', value: null },
  ]);
  expect(store.get('session', ['a'])).toEqual(new Map([['a', 'three']]));
  expect(store.get('pre-key', ['a'])).toEqual(new Map());
});

test('keys and journal are one transaction: a bad journal row rolls the keys back', () => {
  const bad = { ...entry('h1'), plain: null as unknown as Uint8Array };
  expect(() => store.set([{ type: 'session', id: 'a', value: 'new ratchet' }], [entry('h0'), bad])).toThrow(/NOT NULL/);
  expect(store.get('session', ['a']).size).toBe(0);
  expect(store.journalEntry('h0')).toBeUndefined();
});

test('journal entries are pending in order of arrival until their stanza is done', () => {
  store.set([], [entry('h2', 'B'), entry('h1', 'A'), entry('h3', 'B')]);
  store.set([], [entry('h2', 'B')]); // delivered again
  expect(store.journalPending().map((row) => row.hash)).toEqual(['h2', 'h1', 'h3']);
  store.journalDone([stanza('B')]);
  expect(store.journalPending().map((row) => row.hash)).toEqual(['h1']);
  expect(store.journalOf('B').map((row) => row.hash)).toEqual(['h2', 'h3']);
  const answered = store.journalEntry('h2');
  expect(answered?.plain).toEqual(Buffer.from([1, 2, 3]));
  expect(answered?.stanzaId).toBe('B');
});

test('the source distinguishes two stanzas with one id', () => {
  store.set([], [entry('h1', 'A', 'one'), entry('h2', 'A', 'two')]);
  store.journalDone([stanza('A', 'one')]);
  expect(store.journalPending().map((row) => row.hash)).toEqual(['h2']);
  expect(store.journalOf('A').map((row) => row.source)).toEqual(['one', 'two']);
});

test('a file without the source column is upgraded, and its entries can be marked done', () => {
  store.set([], [entry('h1', 'A')]);
  store.close();
  const old = new Database(path);
  old.exec('ALTER TABLE journal DROP COLUMN source');
  old.close();
  store = openAuth(path, () => clock);
  expect(store.journalPending()).toMatchObject([{ hash: 'h1', source: null }]);
  store.journalDone([stanza('A')]);
  expect(store.journalPending()).toEqual([]);
});

test('only entries that were done long enough ago are pruned', () => {
  store.set([], [entry('old', 'A'), entry('young', 'B'), entry('open', 'C')]);
  store.journalDone([stanza('A')]);
  clock += 10_000;
  store.journalDone([stanza('B')]);
  expect(store.journalPrune(5_000)).toBe(1);
  expect(store.journalEntry('old')).toBeUndefined();
  expect(store.journalEntry('young')).toBeDefined();
  expect(store.journalEntry('open')).toBeDefined();
});

/** Whether the bytes of a text stand in the file or its log. */
const isInFiles = (text: string): boolean =>
  [path, `${path}-wal`].some((file) => existsSync(file) && readFileSync(file).includes(text));

const secret = 'a text that was taken back and must not stay';
const withText = (hash: string, stanzaId: string, text = secret) => ({
  ...entry(hash, stanzaId),
  plain: Buffer.from(text),
});

function settled(): void {
  store.close();
  store = openAuth(path, () => clock);
}

const orders: Record<string, (() => void)[]> = {
  'after it was stored': [
    () => store.set([], [withText('h1', 'A')]),
    () => store.journalDone([stanza('A')]),
    () => store.journalForget(['A']),
  ],
  'before it was stored': [
    () => store.set([], [withText('h1', 'A')]),
    () => store.journalForget(['A']),
    () => store.journalDone([stanza('A')]),
  ],
  'before it came': [
    () => store.journalForget(['A']),
    () => store.set([], [withText('h1', 'A')]),
    () => store.journalDone([stanza('A')]),
  ],
  'after an edit': [
    () => store.set([], [withText('h1', 'A'), withText('h2', 'B'), entry('h3', 'OTHER')]),
    () => store.journalDone([stanza('A'), { ...stanza('B'), edits: 'A' }, { ...stanza('OTHER'), edits: 'A B' }]),
    () => store.journalForget(['A']),
  ],
  'before an edit': [
    () => store.journalForget(['A']),
    () => store.set([], [withText('h1', 'A'), withText('h2', 'B')]),
    () => store.journalDone([{ ...stanza('B'), edits: 'A' }, stanza('A')]),
  ],
};

test.each(Object.entries(orders))('a message that is taken back %s leaves no text in the files', (_, steps) => {
  store.set([], [withText('kept', 'KEPT', 'a text that stays')]);
  store.journalDone([stanza('KEPT')]);
  for (const step of steps) step();
  expect(store.journalEntry('h1')?.plain).toEqual(Buffer.from([1])); // an empty message with its padding
  expect(store.journalEntry('h3')?.plain ?? Buffer.from([1, 2, 3])).toEqual(Buffer.from([1, 2, 3]));
  settled();
  expect(isInFiles(secret)).toBe(false);
  expect(isInFiles('a text that stays')).toBe(true);
});

test('what is not stored elsewhere yet is kept, and what was to be forgotten is forgotten itself in time', () => {
  store.set([], [withText('h1', 'A')]);
  store.journalForget(['A']);
  expect(store.journalPending()[0]?.plain).toEqual(Buffer.from(secret));
  store.journalDone([stanza('A'), { ...stanza('B'), edits: 'A' }]);
  clock += 10_000;
  expect(store.journalPrune(5_000)).toBe(1);
  settled();
  const db = new Database(path);
  expect(db.prepare('SELECT type FROM kv').all()).toEqual([]);
  db.close();
});

test('wiping deletes credentials, keys and journal, also inside the files', () => {
  const key = 'ratchet-key-that-must-not-survive';
  store.set([{ type: 'creds', id: 'self', value: key }], [entry('h1')]);
  store.wipe();
  expect(store.get('creds', ['self']).size).toBe(0);
  expect(store.journalPending()).toEqual([]);
  expect(isInFiles(key)).toBe(false);
});

test('files are readable by their user only and every commit is synchronous', () => {
  store.set([{ type: 'creds', id: 'self', value: '{}' }]);
  expect(statSync(join(folder, 'baileys')).mode & 0o777).toBe(0o700);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  const other = new Database(path);
  expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
  other.close();
});

test('a committed value survives a SIGKILL', () => {
  const script = `
    import { openAuth } from ${JSON.stringify(join(process.cwd(), 'src/store/auth.ts'))};
    const store = openAuth(${JSON.stringify(path)});
    store.set([{ type: 'session', id: 'kept', value: 'yes' }], [
      { hash: 'k', plain: new Uint8Array([7]), stanza: null, stanzaId: 'K', source: null },
    ]);
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(process.execPath, [compiled({ text: script })]);
  expect(child.signal).toBe('SIGKILL');
  expect(store.get('session', ['kept']).get('kept')).toBe('yes');
  expect(store.journalPending().map((row) => row.hash)).toEqual(['k']);
});

test('a second connection sees every commit, and a closed store refuses instead of losing', () => {
  const second = openAuth(path);
  second.set([{ type: 'session', id: 'b', value: 'x' }]);
  expect(store.get('session', ['b'])).toEqual(new Map([['b', 'x']]));
  second.close();
  expect(() => second.set([{ type: 'session', id: 'c', value: 'x' }])).toThrow();
  expect(store.get('session', ['c']).size).toBe(0);
});
