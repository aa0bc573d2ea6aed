import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { salvageMessages } from '../../../src/store/salvage/salvage.ts';
import { seeded } from '../../support/random.ts';
import { compareWithSingleReads } from '../../support/salvage/comparison.ts';
import { copyOf, type DamageName, damages } from '../../support/salvage/damages.ts';
import { storeWorld } from '../../support/salvage/stored-world.ts';

let folder: string;
let sound: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'salvage-'));
  sound = storeWorld(folder, { messages: 1500, chats: 40 });
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;

async function salvage(name: DamageName, seed: number) {
  const damaged = copyOf(sound, join(folder, `${made}.db`));
  damages[name](damaged, seeded(seed));
  const to = join(folder, `${made++}.new.db`);
  const report = await salvageMessages(damaged, to);
  return { report, ...compareWithSingleReads(copyOf(damaged, `${damaged}.read`), sound, to) };
}

describe('Salvage brings every row that single reads bring', () => {
  test.each((Object.keys(damages) as DamageName[]).flatMap((name) => [1, 2, 3].map((seed) => [name, seed] as const)))(
    '%s, seed %d',
    async (name, seed) => {
      const { report, brought, salvaged, missed } = await salvage(name, seed);
      console.log(
        name,
        seed,
        brought,
        salvaged,
        missed.length,
        report.looseRows,
        JSON.stringify(report.losses.map((l) => l.named)),
        JSON.stringify(report.orphans),
        report.notes,
        JSON.stringify(
          report.tables.filter((t) => Object.keys(t.leftOut).length || t.cut).map((t) => [t.table, t.leftOut, t.cut]),
        ),
      );
      expect(missed).toEqual([]);
      expect(salvaged).toBeGreaterThanOrEqual(brought);
    },
  );
});
