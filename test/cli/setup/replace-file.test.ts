import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readText, replaceFile } from '../../../src/cli/setup/replace-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whatsapp-replace-'));
  file = join(folder, 'config.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;
const noon = new Date('2026-01-02T12:00:00Z');

describe('A file of another program', () => {
  test('is replaced in one step, with its permissions, and kept beside it as it was', () => {
    writeFileSync(file, 'old');
    chmodSync(file, 0o666); // wider than the umask allows
    const backup = replaceFile(file, 'old', 'new', noon);
    expect(backup).toBe(`${file}.backup-20260102120000`);
    expect([readText(file), readText(String(backup))]).toEqual(['new', 'old']);
    expect(modeOf(file)).toBe(0o666);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('is made with its folder where there was none, for its user alone', () => {
    const deep = join(folder, 'a', 'b', 'config.json');
    expect(readText(deep)).toBeUndefined();
    expect(replaceFile(deep, undefined, 'new')).toBeNull();
    expect([readFileSync(deep, 'utf8'), modeOf(deep)]).toEqual(['new', 0o600]);
  });

  test('stays a link where it is one', () => {
    const real = join(folder, 'real');
    writeFileSync(real, 'old');
    symlinkSync(real, file);
    replaceFile(file, 'old', 'new', noon);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readText(real)).toBe('new');
  });

  test('stays unchanged when another program changed it first', () => {
    writeFileSync(file, 'theirs');
    expect(() => replaceFile(file, 'old', 'new')).toThrow('changed in this moment');
    expect(() => replaceFile(file, undefined, 'new')).toThrow('changed in this moment');
    expect(readText(file)).toBe('theirs');
  });

  test('is kept under another name when it is changed twice in one second', () => {
    writeFileSync(file, 'first', { mode: 0o640 });
    const backups = ['second', 'third', 'fourth'].map((text) =>
      replaceFile(file, readText(file), text, noon),
    ) as string[];
    expect(backups).toEqual(['', '-2', '-3'].map((ending) => `${file}.backup-20260102120000${ending}`));
    expect(backups.map(readText)).toEqual(['first', 'second', 'third']);
    expect(backups.map(modeOf)).toEqual([0o640, 0o640, 0o640]);
  });

  test('is made where a link leads that led to nothing, and the link stays', () => {
    const real = join(folder, 'elsewhere', 'real.json');
    const between = join(folder, 'between');
    symlinkSync('elsewhere/real.json', between);
    symlinkSync(between, file);
    expect(replaceFile(file, undefined, 'new', noon)).toBeNull();
    expect([lstatSync(file), lstatSync(between)].map((link) => link.isSymbolicLink())).toEqual([true, true]);
    expect([readText(real), modeOf(real)]).toEqual(['new', 0o600]);
  });

  test('is refused with words where links lead in a circle', () => {
    symlinkSync(file, file);
    expect(() => readText(file)).toThrow(expect.objectContaining({ message: expect.stringContaining('ELOOP') }));
  });

  test('is not touched when it cannot be kept as it was', () => {
    const long = join(folder, 'x'.repeat(250));
    writeFileSync(long, 'old');
    expect(() => replaceFile(long, 'old', 'new', noon)).toThrow('ENAMETOOLONG');
    expect([readText(long), readdirSync(folder)]).toEqual(['old', ['x'.repeat(250)]]);
  });

  test('is refused with words when it cannot be read', () => {
    mkdirSync(file);
    expect(() => readText(file)).toThrow(expect.objectContaining({ message: expect.stringContaining('EISDIR') }));
  });
});
