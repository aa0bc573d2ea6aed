import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathFault } from '../../src/system/way.ts';

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

describe.runIf(process.platform !== 'win32')('The path to a folder', () => {
  it('has no fault below our own folders, or in a folder where users may rename only their own files', () => {
    expect(pathFault(path)).toBeUndefined();
    chmodSync(parent, 0o1777);
    expect(pathFault(path)).toBeUndefined();
  });

  it('does not check its end', () => {
    chmodSync(path, 0o777);
    expect(pathFault(path)).toBeUndefined();
  });

  it('has a fault where others may rename entries of a parent folder, also before the end exists', () => {
    chmodSync(parent, 0o707);
    expect(pathFault(path)).toEqual({ path: parent, fault: 'writable_by_others' });
    expect(pathFault(join(parent, 'not', 'there'))).toEqual({ path: parent, fault: 'writable_by_others' });
  });

  it('ignores the group of this process: many systems give each user one of their own', () => {
    chmodSync(parent, 0o770);
    expect(pathFault(path)).toBeUndefined();
  });

  it.runIf(isRoot)('counts another group as others', () => {
    chownSync(parent, 0, nobody);
    chmodSync(parent, 0o770);
    expect(pathFault(path)).toEqual({ path: parent, fault: 'writable_by_others' });
  });

  it.runIf(isRoot)('has a fault where a parent folder, or a link on the path, belongs to another user', () => {
    const link = join(dir, 'link');
    symlinkSync(parent, link);
    expect(pathFault(join(link, 'data'))).toBeUndefined();
    lchownSync(link, nobody, nobody);
    expect(pathFault(join(link, 'data'))).toEqual({ path: link, fault: 'other_owner' });
    chownSync(parent, nobody, nobody);
    expect(pathFault(path)).toEqual({ path: parent, fault: 'other_owner' });
  });

  it('follows links to their folders, and ends in a cycle', () => {
    const [link, circle] = [join(dir, 'link'), join(dir, 'circle')];
    symlinkSync('parent/data', link);
    symlinkSync('circle', circle);
    expect([pathFault(link), pathFault(circle)]).toEqual([undefined, undefined]);
    chmodSync(parent, 0o777);
    expect(pathFault(link)).toEqual({ path: parent, fault: 'writable_by_others' });
  });

  it('ends at a file that is not a folder', () => {
    expect(pathFault(join(import.meta.filename, 'data'))).toBeUndefined();
  });
});
