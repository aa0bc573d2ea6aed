import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/config.ts';

/** The record of a proof's last run: one shape for all, in docs/proof/NAME.json. */
export const proofRecord = z.strictObject({
  name: z.string(),
  seed: z.int(),
  date: z.iso.datetime(),
  /** Version of Node. */
  node: z.string().regex(/^v\d+\.\d+\.\d+$/),
  seconds: z.int().nonnegative(),
  result: z.enum(['passed', 'failed']),
  counts: z.record(z.string(), z.unknown()).refine((counts) => Object.keys(counts).length > 0),
});
export type ProofRecord = z.infer<typeof proofRecord>;

const folder = join(packageRoot(), 'docs', 'proof');

export function writeRecord(record: ProofRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${record.name}.json`), `${JSON.stringify(proofRecord.parse(record), null, 2)}\n`);
}

/** All records, by file name. */
export function readRecords(): Map<string, unknown> {
  const files = readdirSync(folder).map((file) => join(folder, file));
  return new Map(files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(file, 'utf8')) as unknown]));
}
