import { statfsSync } from 'node:fs';
import type { BridgeStatus } from '../../../bridges/bridge.ts';
import type { Config, DataPaths } from '../../config.ts';

export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  verdict: Verdict;
  message: string;
  /** What to do about it; set unless the verdict is ok. */
  fix?: string;
}

/** What the checks examine; tests replace it. */
export interface DoctorEnvironment {
  config: Config;
  /** Why the settings could not be read and defaults apply; null when they were read. */
  settingsFault: string | null;
  /** Whether others may change the data directory; if so, doctor inspects nothing in it. */
  isRefused: boolean;
  paths: DataPaths;
  nodeVersion: string;
  /** This machine's clock, ms since 1970. */
  now(): number;
  freeBytes(folder: string): number;
  isAlive(pid: number): boolean;
  /** The state of the linked device: connects briefly, as the `status` command does. */
  bridge(): Promise<{ state: string; connected: boolean; message: string | null; next_step: string | null }>;
  /** The status of the second bridge; does not start it. */
  waBridge(): Promise<BridgeStatus>;
}

export interface Check {
  name: string;
  /** The check opens the files as a server does, so it is skipped while one of them is damaged. */
  needsSoundFiles?: true;
  run(site: DoctorEnvironment): Finding | Promise<Finding>;
  /** Fixes what is safe to fix without asking; returns what it did, null when there was nothing to do. */
  mend?(site: DoctorEnvironment): string | null;
}

/** From the best to the worst. */
export const verdicts: readonly Verdict[] = ['ok', 'warn', 'fail'];

/** The worst verdict among the findings. */
export const worst = (found: readonly Pick<Finding, 'verdict'>[]): Verdict =>
  verdicts[Math.max(0, ...found.map(({ verdict }) => verdicts.indexOf(verdict)))] as Verdict;

export const ok = (message: string): Finding => ({ verdict: 'ok', message });
export const warn = (message: string, fix: string): Finding => ({ verdict: 'warn', message, fix });
export const fail = (message: string, fix: string): Finding => ({ verdict: 'fail', message, fix });

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
