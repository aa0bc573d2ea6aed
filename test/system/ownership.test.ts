import { chmodSync, chownSync, lchownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownershipFault } from '../../src/system/ownership.ts';

const isRoot = process.getuid?.() === 0;
let dir: string;
const file = () => {
  const path = join(dir, 'file');
  writeFileSync(path, '', { mode: 0o600 });
  return path;
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ownership-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.runIf(process.platform !== 'win32')('Ownership', () => {
  it('has no fault where only this user may write, and none where nothing exists', () => {
    const path = file();
    chmodSync(path, 0o644);
    expect([dir, path, join(dir, 'nothing')].map(ownershipFault)).toEqual([undefined, undefined, undefined]);
  });

  it.each([0o620, 0o602, 0o777])('has a fault where others may write (%o)', (mode) => {
    const path = file();
    chmodSync(path, mode);
    expect(ownershipFault(path)).toBe('writable_by_others');
  });

  it.runIf(isRoot)('has a fault where another user owns the file, or the link to it', () => {
    const path = file();
    const link = join(dir, 'link');
    symlinkSync(path, link);
    expect(ownershipFault(link)).toBeUndefined();
    lchownSync(link, 65534, 65534);
    expect(ownershipFault(link)).toBe('other_owner');
    chownSync(path, 65534, 65534);
    expect(ownershipFault(path)).toBe('other_owner');
  });
});
