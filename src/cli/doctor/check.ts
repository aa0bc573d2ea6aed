import { statfsSync } from 'node:fs';
import type { BridgeStatus } from '../../../bridges/bridge.ts';
import type { Config, DataPaths } from '../../config.ts';

export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  verdict: Verdict;
  message: string;
  /** What to do about it; given whenever the verdict is not ok. */
  fix?: string;
}

/** What the checks look at; tests put something else in its place. */
export interface DoctorEnvironment {
  config: Config;
  /** Why the settings could not be read, so that the defaults stand in their place; null when they were. */
  settingsFault: string | null;
  /** Whether others may change the data directory, so that nothing in it is looked at. */
  isRefused: boolean;
  paths: DataPaths;
  nodeVersion: string;
  /** Milliseconds since 1970, as the clock of this machine has it. */
  now(): number;
  freeBytes(folder: string): number;
  isAlive(pid: number): boolean;
  /** Whether the linked device can be reached: connects for a moment, as the `status` command does. */
  bridge(): Promise<{ state: string; connected: boolean; message: string | null; next_step: string | null }>;
  /** What the second bridge says; asks it without starting it. */
  waBridge(): Promise<BridgeStatus>;
}

export interface Check {
  name: string;
  /** It opens the files as a server does, which is not tried while one of them is not in order. */
  needsSoundFiles?: true;
  run(site: DoctorEnvironment): Finding | Promise<Finding>;
  /** Puts right what is safe to put right without asking; says what it did, null when there was nothing to do. */
  mend?(site: DoctorEnvironment): string | null;
}

/** From the best to the worst. */
export const verdicts: readonly Verdict[] = ['ok', 'warn', 'fail'];

/** The worst verdict among some. */
export const worst = (found: readonly Pick<Finding, 'verdict'>[]): Verdict =>
  verdicts[Math.max(0, ...found.map(({ verdict }) => verdicts.indexOf(verdict)))] as Verdict;

export const ok = (message: string): Finding => ({ verdict: 'ok', message });
export const warn = (message: string, fix: string): Finding => ({ verdict: 'warn', message, fix });
export const fail = (message: string, fix: string): Finding => ({ verdict: 'fail', message, fix });

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
