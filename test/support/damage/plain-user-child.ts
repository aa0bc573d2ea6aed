import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Cell, wrongIn } from './grid.ts';
import { wrongInPlace } from './places.ts';

type Work = { dataDir: string } & ({ cell: Cell } | { place: 'read-only folder' });

const work = JSON.parse(await text(process.stdin)) as Work[];
const results: string[][] = [];
for (const one of work) {
  results.push('cell' in one ? await wrongIn(one.dataDir, one.cell) : await wrongInPlace(one.dataDir));
}
writeSync(1, `${JSON.stringify(results)}\n`); // the program keeps process.stdout for the protocol
process.exit(0);
