import { spawnSync } from 'node:child_process';
import { compiled } from '../setup/compiled.ts';

export interface Measured {
  /** The rows by table, or the text of the refusal. */
  said: string | { table: string; rows: number; leftOut: Record<string, { count: number }> }[];
  idleMb: number;
  peakMb: number;
  seconds: number;
}

/** How long a child may take before it counts as hanging. */
const timeoutMs = 300_000;

/** Restores or salvages one file in a separate process and measures its memory. Throws when it hangs or dies. */
export function inAChild(mode: 'restore' | 'salvage', from: string, to: string): Measured {
  const entry = compiled({ file: 'test/support/salvage/restore-child.ts' });
  const began = performance.now();
  const { status, stderr, signal } = spawnSync(process.execPath, [entry, mode, from, to], {
    timeout: timeoutMs,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${mode} ended with ${signal ?? status}: ${stderr.slice(-500)}`);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return { ...(JSON.parse(stderr) as Omit<Measured, 'seconds'>), seconds };
}
