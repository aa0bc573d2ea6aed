import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wayFault } from '../../src/system/way.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
let dir: string;
let parent: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'way-'));
  parent = join(dir, 'parent');
  path = join(parent, 'data');
  mkdirSync(path, { recursive: true, mode: 0o700 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.runIf(process.platform !== 'win32')('The way to a folder', () => {
  it('has no fault below folders that are ours, or in a folder where each may rename only what is theirs', () => {
    expect(wayFault(path)).toBeUndefined();
    chmodSync(parent, 0o1777);
    expect(wayFault(path)).toBeUndefined();
  });

  it('says nothing of its end: who may write there is asked elsewhere', () => {
    chmodSync(path, 0o777);
    expect(wayFault(path)).toBeUndefined();
  });

  it('has one where others may rename what is in a folder above, also before the end is there', () => {
    chmodSync(parent, 0o707);
    expect(wayFault(path)).toEqual({ path: parent, fault: 'writable_by_others' });
    expect(wayFault(join(parent, 'not', 'there'))).toEqual({ path: parent, fault: 'writable_by_others' });
  });

  it('leaves the group of this process alone: many systems give each user one of their own', () => {
    chmodSync(parent, 0o770);
    expect(wayFault(path)).toBeUndefined();
  });

  it.runIf(isRoot)('counts another group as others', () => {
    chownSync(parent, 0, nobody);
    chmodSync(parent, 0o770);
    expect(wayFault(path)).toEqual({ path: parent, fault: 'writable_by_others' });
  });

  it.runIf(isRoot)('has one where a folder above, or a link on the way, belongs to another user', () => {
    const link = join(dir, 'link');
    symlinkSync(parent, link);
    expect(wayFault(join(link, 'data'))).toBeUndefined();
    lchownSync(link, nobody, nobody);
    expect(wayFault(join(link, 'data'))).toEqual({ path: link, fault: 'other_owner' });
    chownSync(parent, nobody, nobody);
    expect(wayFault(path)).toEqual({ path: parent, fault: 'other_owner' });
  });

  it('follows links to the folders behind them, and ends in a circle', () => {
    const [link, circle] = [join(dir, 'link'), join(dir, 'circle')];
    symlinkSync('parent/data', link);
    symlinkSync('circle', circle);
    expect([wayFault(link), wayFault(circle)]).toEqual([undefined, undefined]);
    chmodSync(parent, 0o777);
    expect(wayFault(link)).toEqual({ path: parent, fault: 'writable_by_others' });
  });

  it('ends at what is no folder', () => {
    expect(wayFault(join(import.meta.filename, 'data'))).toBeUndefined();
  });
});
