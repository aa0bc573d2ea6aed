import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { placeFault } from '../../../src/cli/data/place.ts';
import { loadConfig } from '../../../src/cli/settings.ts';
import { dataPaths } from '../../../src/config.ts';
import { openStaging } from '../../../src/store/staging/staging.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'place-'));
  writeFileSync(join(home, 'file'), '');
  symlinkSync(join(home, 'nothing'), join(home, 'broken'));
  symlinkSync('circle', join(home, 'circle'));
  symlinkSync(home, join(home, 'home'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A folder below `home` whose path has this many bytes. */
function ofLength(bytes: number): string {
  let path = home;
  while (path.length < bytes) path = join(path, 'n'.repeat(Math.min(200, bytes - path.length - 1)));
  return path;
}

/** The longest path below which SQLite can open every file of ours. */
const longest = 512 - '/baileys/staging.db-journal'.length;

describe('The place of a data directory', () => {
  test.each(['', 'new', 'new/er', 'home', 'home/new'])('is sound: "%s"', (name) => {
    expect(placeFault(join(home, name))).toBeUndefined();
  });

  test.each([
    ['file', /\/file is a file$/],
    ['file/below/it', /\/file is a file$/],
    ['home/file/below', /\/file is a file$/],
    ['broken', /the link .*\/broken leads to nothing/],
    ['broken/below/it', /the link .*\/broken leads to nothing/],
    ['circle', /circle/],
    ['circle/below', /circle/],
    ['n'.repeat(300), /name is too long/],
    ['with\0nul', /NUL/],
  ])('is refused: %j', (name, words) => {
    expect(placeFault(join(home, name))).toMatch(words);
  });

  test('is as long as the files in it can be opened', () => {
    expect(placeFault(ofLength(longest))).toBeUndefined();
    openStaging(dataPaths(ofLength(longest)).staging).close();
    expect(() => openStaging(dataPaths(ofLength(longest + 1)).staging)).toThrow();
    expect(placeFault(ofLength(longest + 1))).toMatch(/path is too long/);
  });

  test('is checked before anything is read there, and the error names the setting', () => {
    for (const name of ['file/below', 'broken', 'circle', 'n'.repeat(300)]) {
      const load = () => loadConfig({ WHATSAPP_DATA_DIR: join(home, name) }, { env: {} });
      const words = { code: 'invalid_input', message: expect.stringMatching(/cannot be used: .*WHATSAPP_DATA_DIR\.$/) };
      expect(load).toThrow(expect.objectContaining(words));
    }
  });

  test.runIf(process.getuid?.() !== 0)('says nothing of what may not be looked at', () => {
    chmodSync(home, 0o000);
    expect(placeFault(join(home, 'new'))).toBeUndefined();
    chmodSync(home, 0o700);
  });
});
