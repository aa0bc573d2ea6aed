import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moments, wrongWhenFull, wrongWithFullLog } from '../support/damage/full-disk.ts';
import { cells, damagedCopy, files, plainUserCells, wrongIn } from '../support/damage/grid.ts';
import { DamageBed, openToAll } from '../support/damage/place.ts';
import { smallFileSystem, wrongInPlace } from '../support/damage/places.ts';
import { asPlainUser, canBePlainUser } from '../support/damage/plain-user.ts';

const bed = new DamageBed();
afterAll(() => bed.remove());

describe('a damaged file costs only what needs it, and says so in words', () => {
  it.each(cells.map((cell) => [`${cell.file}, ${cell.damage}`, cell] as const))('%s', async (_, cell) => {
    expect(await wrongIn(await damagedCopy(bed, cell, 7), cell)).toEqual([]);
  });
});

describe.runIf(canBePlainUser)('a file that the user of the server may not write, or not open', () => {
  const bed = new DamageBed(openToAll);
  let results: Map<string, string[]>;
  afterAll(() => bed.remove());
  beforeAll(async () => {
    const work: object[] = [];
    for (const cell of plainUserCells) work.push({ cell, dataDir: await damagedCopy(bed, cell, 7) });
    const folder = await bed.copy();
    bed.giveToPlainUser(folder);
    for (const path of [join(folder, 'baileys'), folder]) chmodSync(path, 0o555);
    const wrong = await asPlainUser([...work, { place: 'read-only folder', dataDir: folder }]);
    const names = [...plainUserCells.map(({ file, damage }) => `${file}, ${damage}`), 'the whole folder'];
    results = new Map(names.map((name, index) => [name, wrong[index] ?? ['not looked at']]));
  });

  it.each([...plainUserCells.map(({ file, damage }) => `${file}, ${damage}`), 'the whole folder'])('%s', (name) => {
    expect(results.get(name)).toEqual([]);
  });
});

describe('a place where nothing can be written', () => {
  it.each(['read-only', 'full'] as const)('a %s file system is read', async (kind) => {
    const place = smallFileSystem(4 * 1024 * 1024);
    if (!place) return;
    try {
      const dataDir = await bed.copy(place.path);
      if (kind === 'full') place.fill();
      else place.readOnly();
      expect(await wrongInPlace(dataDir)).toEqual([]);
    } finally {
      place.end();
    }
  });
});

describe('a full disk for one file alone', () => {
  it.each(moments.flatMap((moment) => files.map((file) => [file, moment] as const)))('%s, %s', async (file, moment) => {
    expect((await wrongWhenFull(bed, file, moment)) ?? []).toEqual([]);
  });

  it('a log beside the target of a link, of which nothing may be left out', async () => {
    expect((await wrongWithFullLog(bed)) ?? []).toEqual([]);
  });
});
