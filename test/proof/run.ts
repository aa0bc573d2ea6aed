import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What a proof says about its last run; `passed` decides the exit code. */
export interface Verdict {
  passed: boolean;
  counts: Record<string, unknown>;
}

export type Proof = (options: { seed: number }) => Promise<Verdict>;

const proofs: Record<string, () => Promise<{ proof: Proof }>> = {
  endurance: () => import('./endurance.ts'),
  faults: () => import('./faults.ts'),
  inspector: () => import('./inspector.ts'),
  interleave: () => import('./interleave.ts'),
  kill: () => import('./kill.ts'),
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
  const seed = Number(values.seed);
  const from = performance.now();
  const { passed, counts } = await (await load()).proof({ seed });
  const result = { proof: name, seed, passed, seconds: Math.round((performance.now() - from) / 1000), ...counts };
  const folder = fileURLToPath(new URL('../../docs/proof/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = passed ? 0 : 1;
}
