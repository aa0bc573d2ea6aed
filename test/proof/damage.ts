import { moments, wrongWhenFull } from '../support/damage/full-disk.ts';
import { type Cell, cells, damagedCopy, files, plainUserCells, wrongIn } from '../support/damage/grid.ts';
import { DamageBed, openToAll } from '../support/damage/place.ts';
import { asPlainUser, canBePlainUser } from '../support/damage/plain-user.ts';
import type { Verdict } from './run.ts';

/** Random damage is repeated this often, at different places of the file. */
const rounds = 8;

const isByChance = ({ damage }: Cell): boolean => /bytes|pages/.test(damage);

/** Every kind of damage in every file, at many places; no answer contains a defect, a stack or a wrong health. */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  const bed = new DamageBed();
  const openBed = new DamageBed(openToAll);
  const wrong: string[] = [];
  let looks = 0;
  const found = (name: string, of: readonly string[]) => wrong.push(...of.map((one) => `${name}: ${one}`));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const cell of round === 0 ? cells : cells.filter(isByChance)) {
        const place = seed * 1000 + round;
        found(`${cell.file}, ${cell.damage}, ${place}`, await wrongIn(await damagedCopy(bed, cell, place), cell));
        looks++;
      }
    }
    for (const moment of moments) {
      for (const file of files) {
        const faults = await wrongWhenFull(bed, file, moment);
        if (faults === undefined) continue; // this process may not mount a disk
        found(`${file}, full disk ${moment}`, faults);
        looks++;
      }
    }
    if (canBePlainUser) {
      const work: object[] = [];
      for (const cell of plainUserCells) work.push({ cell, dataDir: await damagedCopy(openBed, cell, seed) });
      const results = await asPlainUser(work);
      for (const [index, { file, damage }] of plainUserCells.entries())
        found(`${file}, ${damage}`, results[index] ?? []);
      looks += results.length;
    }
    const counts = { looks, rounds, differences: wrong.length, wrong: wrong.slice(0, 20) };
    return { passed: wrong.length === 0, counts };
  } finally {
    for (const one of [bed, openBed]) one.remove();
  }
}
