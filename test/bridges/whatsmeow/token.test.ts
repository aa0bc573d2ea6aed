import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readToken } from '../../../bridges/whatsmeow/token.ts';

const secret = 'c'.repeat(64);
const isRoot = process.getuid?.() === 0;
let path: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'token-'));
  path = join(folder, 'bridge-token');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function write(text: string, mode = 0o600): void {
  writeFileSync(path, text);
  chmodSync(path, mode);
}

const refusal = expect.any(String);

describe('the token', () => {
  it('is the text of a file that is this user’s alone', () => {
    expect(readToken(path)).toBe('absent');
    write(` ${secret}\n`);
    expect(readToken(path)).toEqual({ token: secret });
  });

  it.each([0o640, 0o604, 0o644, 0o660, 0o606, 0o601])('is refused where others can read or change it: %o', (mode) => {
    write(secret, mode);
    const found = readToken(path);
    expect(found).toEqual({ refusal });
    expect(JSON.stringify(found)).toMatch(/other users of this machine.*chmod/);
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it('is refused through a link as well, and taken through one of our own', () => {
    const target = `${path}.target`;
    writeFileSync(target, secret, { mode: 0o600 });
    symlinkSync(target, path);
    expect(readToken(path)).toEqual({ token: secret });
    chmodSync(target, 0o644);
    expect(readToken(path)).toEqual({ refusal: expect.stringContaining('can be read by other users') });
    rmSync(target);
    expect(readToken(path)).toBe('absent');
  });

  // Only root can change the owner of a file.
  it.skipIf(!isRoot)('is refused where another user made it, with the right mode too', () => {
    write(secret);
    chownSync(path, 65534, 65534);
    expect(readToken(path)).toEqual({ refusal: expect.stringContaining('belongs to another user') });
  });

  it.each([
    ['nothing', ''],
    ['too little to be one', 'x'.repeat(31)],
    ['more than any', 'x'.repeat(5000)],
  ])('is none where the file holds %s', (_what, text) => {
    write(text);
    expect(readToken(path)).toEqual({ refusal: expect.stringContaining('holds no token') });
  });

  it('is none where a folder stands in its place', () => {
    mkdirSync(path, { mode: 0o700 });
    expect(readToken(path)).toEqual({ refusal: expect.stringContaining('holds no token') });
  });
});
