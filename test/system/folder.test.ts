import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSources } from '../../scripts/source-files.ts';
import { makeFolder } from '../../src/system/folder.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes a folder and its missing parents, closed to other users unless asked otherwise', () => {
    makeFolder(join(home, 'a', 'b', 'c'));
    makeFolder(join(home, 'open', 'd'), 0o755);
    const modes = ['a', 'a/b', 'a/b/c', 'open', 'open/d'].map((name) => statSync(join(home, name)).mode & 0o777);
    if (process.platform !== 'win32') expect(modes).toEqual([0o700, 0o700, 0o700, 0o755, 0o755]);
  });

  it('leaves a folder as it is, also one behind a link, and the root', () => {
    mkdirSync(join(home, 'there'));
    writeFileSync(join(home, 'there', 'file'), 'kept');
    symlinkSync(join(home, 'there'), join(home, 'link'));
    for (const path of [join(home, 'there'), join(home, 'link'), '/']) makeFolder(path);
    makeFolder(join(home, 'link', 'below'));
    expect(existsSync(join(home, 'there', 'file')) && existsSync(join(home, 'there', 'below'))).toBe(true);
  });

  it.each([
    ['a file', 'file', 'EEXIST'],
    ['a name below a file', 'file/below', 'ENOTDIR'],
    ['a link that leads to nothing', 'broken', 'EEXIST'],
    ['a name below a link that leads to nothing', 'broken/below/it', 'EEXIST'],
    ['a name below links in a circle', 'circle/below', 'ELOOP'],
    ['a name that is too long', 'n'.repeat(300), 'ENAMETOOLONG'],
  ])('throws the error of the system for %s', (_, name, code) => {
    writeFileSync(join(home, 'file'), '');
    symlinkSync(join(home, 'nothing'), join(home, 'broken'));
    symlinkSync('circle', join(home, 'circle'));
    expect(() => makeFolder(join(home, name))).toThrow(expect.objectContaining({ code, syscall: 'mkdir' }));
  });

  it('is the only way in which the program makes parents: those of Node never return below /proc', () => {
    const sources = [...readSources('src', 'bridges')];
    expect(sources.length).toBeGreaterThan(300);
    const recursive = /\bmkdir(?:Sync)?\([^;]*?recursive/;
    expect(sources.filter(([, text]) => recursive.test(text)).map(([path]) => path)).toEqual([]);
    expect('mkdirSync(dirname(path), { recursive: true })').toMatch(recursive);
  });
});
