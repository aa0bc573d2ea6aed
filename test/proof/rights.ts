import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/config.ts';
import { playInNode, type RightsPart, rightsLines, rightsPart } from '../support/rights/play.ts';
import type { Proof } from './run.ts';

const parts = 20;
const casesPerPart = 500;

/** 10,000 random changes with random knowledge: both writers must follow the written table of rights. */
export const proof: Proof = async ({ seed }) => {
  const made = Array.from({ length: parts }, (_, k) => rightsPart(seed, k * casesPerPart, casesPerPart));
  const outcomes = { kept: 0, edited: 0, revoked: 0, undoable: 0 };
  const different: string[] = [];
  for (const part of made) {
    const stored = await playInNode(part);
    const wanted = new Map(part.rows.map((row) => [row.id, JSON.stringify(row)]));
    different.push(...stored.filter((row) => wanted.get(row.id) !== JSON.stringify(row)).map(({ id }) => id));
    if (stored.length !== part.rows.length) different.push(`${part.name} has ${stored.length} rows`);
    for (const { type, edited_at, kept } of stored) {
      if (type === 'revoked') outcomes[kept === '' ? 'revoked' : 'undoable']++;
      else outcomes[edited_at === null ? 'kept' : 'edited']++;
    }
  }
  const inGo = playInGo(made);
  const cases = parts * casesPerPart;
  return {
    passed: different.length === 0 && inGo === cases,
    counts: { cases, node_different: different, go_agrees: inGo, ...outcomes },
  };
};

/** How many changes the Go writer stored according to the table; 0 when one differs. */
function playInGo(made: readonly RightsPart[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'rights-proof-'));
  const file = join(folder, 'rights.jsonl');
  writeFileSync(file, `${rightsLines(made).join('\n')}\n`);
  const test = ['-run', 'TestAChangeByAnyoneIsWorthWhatTheTableSays', '-count=1', '-v', '-args', '-rights', file];
  try {
    const options = { cwd: join(packageRoot(), 'bridges/whatsmeow/daemon'), encoding: 'utf8' } as const;
    const said = execFileSync('go', ['test', './store', ...test], options);
    return Number(/played (\d+)/.exec(said)?.[1] ?? 0);
  } catch (error) {
    console.error(error instanceof Error && 'stdout' in error ? String(error.stdout).slice(0, 4000) : error);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
