import { parseArgs } from 'node:util';
import { buildProgram, isBuilt } from '../../scripts/build.ts';
import { writeRecord } from './record.ts';

/** The result of a proof's last run; `passed` decides the exit code. */
export interface Verdict {
  passed: boolean;
  counts: Record<string, unknown>;
}

export type Proof = (options: { seed: number }) => Promise<Verdict>;

const proofs: Record<string, () => Promise<{ proof: Proof }>> = {
  'both-orders': () => import('./both-orders.ts'),
  'bridge-kill': () => import('./bridge-kill.ts'),
  damage: () => import('./damage.ts'),
  endurance: () => import('./endurance.ts'),
  faults: () => import('./faults.ts'),
  interleave: () => import('./interleave.ts'),
  kill: () => import('./kill.ts'),
  rights: () => import('./rights.ts'),
  salvage: () => import('./salvage.ts'),
  'two-servers': () => import('./two-servers.ts'),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const [name = ''] = positionals;
const load = proofs[name];

if (load === undefined) {
  console.error(`npm run proof -- <${Object.keys(proofs).join('|')}> [--seed N]`);
  process.exitCode = 1;
} else {
  if (!isBuilt()) await buildProgram();
  const seed = Number(values.seed);
  const date = new Date().toISOString();
  const from = performance.now();
  const { passed, counts } = await (await load()).proof({ seed });
  const seconds = Math.round((performance.now() - from) / 1000);
  const result = passed ? 'passed' : 'failed';
  const record = { name, seed, date, node: process.version, seconds, result, counts } as const;
  writeRecord(record);
  console.log(JSON.stringify(record, null, 2));
  process.exitCode = passed ? 0 : 1;
}
