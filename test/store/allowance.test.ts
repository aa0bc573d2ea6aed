import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Used } from '../../src/domain/allowance.ts';
import { openAllowance } from '../../src/store/allowance.ts';
import { atEnd } from '../support/at-end.ts';
import { temporaryDir } from '../support/e2e/program.ts';

let path: string;
beforeEach(() => {
  path = join(temporaryDir(), 'lookups.db');
});

function open() {
  const store = openAllowance(path);
  atEnd(() => store.close());
  return store;
}

const oneMore = (kept: Used | undefined): Used => ({ used: (kept?.used ?? 0) + 1, at: 7.5 });

function kept(store: ReturnType<typeof open>): Used | undefined {
  let found: Used | undefined;
  store.update((known) => {
    found = known;
    return known ?? { used: 0, at: 0 };
  });
  return found;
}

describe('the file of an allowance', () => {
  it('is created empty, for its user alone', () => {
    expect(kept(open())).toBeUndefined();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps a change for other processes and later ones', () => {
    const [one, other] = [open(), open()];
    one.update(oneMore);
    other.update(oneMore);
    expect(kept(one)).toEqual({ used: 2, at: 7.5 });
    one.close();
    other.close();
    expect(kept(open())).toEqual({ used: 2, at: 7.5 });
  });

  it('keeps its value when a change is refused, and works afterwards', () => {
    const store = open();
    store.update(oneMore);
    const refuse = () => {
      throw new RangeError('too many');
    };
    expect(() => store.update(refuse)).toThrow('too many');
    expect(kept(store)).toEqual({ used: 1, at: 7.5 });
  });

  it('lets no other process in between reading and writing', () => {
    const [one, other] = [open(), open()];
    one.update((known) => {
      expect(() => other.update(oneMore)).toThrow('locked');
      return oneMore(known);
    });
    expect(kept(other)).toEqual({ used: 1, at: 7.5 });
  });

  it('reports damage and a foreign file', () => {
    writeFileSync(path, 'no database '.repeat(500));
    expect(() => openAllowance(path)).toThrow('not a database');
    path = join(temporaryDir(), 'lookups.db');
    const db = new Database(path);
    db.exec('CREATE TABLE allowance (other TEXT)');
    db.close();
    expect(() => openAllowance(path)).toThrow('no such column');
    path = join(temporaryDir(), 'lookups.db');
    const theirs = new Database(path);
    theirs.exec('CREATE TABLE bookmarks (url TEXT)');
    theirs.close();
    const before = readFileSync(path);
    expect(() => openAllowance(path)).toThrow('belongs to another program');
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
