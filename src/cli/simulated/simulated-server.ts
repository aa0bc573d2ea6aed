import { createApp, failedOutcome } from '../../app.ts';
import type { Sources } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { clockIn } from '../../domain/time/moment.ts';
import { Zone } from '../../domain/time/zone.ts';
import { quoted } from '../../server/arguments/parse.ts';
import { type Opening, type Served, serveStdio } from '../../server/stdio.ts';
import { machineZone } from '../../system/machine-zone.ts';
import { catalog } from '../../tools/catalog.ts';
import { UserError } from '../refusal.ts';
import { wrongSetting } from '../settings.ts';
import { note } from '../terminal.ts';
import { simulatedApp } from './simulated.ts';
import { loadConfigFor } from './simulator-document.ts';

export interface ServeOptions {
  /** `fresh` or `synced`; whatever else stands there is refused. */
  simulated?: string;
  simulator?: string;
}

/** Serves the account of the options: a simulated one, one of an external simulator, or the user's. */
export async function serveAccount(flags: Sources, options: ServeOptions, opening: Opening): Promise<void> {
  return serveStdio(await appFor(flags, options).catch(refusing), opening);
}

async function appFor(flags: Sources, { simulated, simulator }: ServeOptions): Promise<Served> {
  if (simulated === undefined) return createApp(await loadConfigFor(flags, simulator));
  if (simulated === 'fresh' || simulated === 'synced') return simulatedApp(simulated, flags);
  throw wrongSetting(`--simulated takes fresh or synced, not ${quoted(simulated)}.`);
}

/**
 * Replaces an app that must not start: every call fails with the reason. Clients show users the error of a call, but of
 * a server that ends only its end.
 */
function refusing(error: unknown): Served {
  const reason = error instanceof UserError ? wrongSetting(`${error.message}. ${error.nextStep}`, error) : error;
  note(reason instanceof AppError ? reason.message : String(reason instanceof Error ? reason.stack : reason));
  const refuse = () => Promise.reject(reason);
  return {
    config: { logLevel: 'warn' },
    offered: { tools: catalog, runTool: async () => failedOutcome(reason) },
    lookup: { complete: refuse, resolve: refuse },
    clock: clockIn(new Zone(machineZone(process.env['TZ']))),
    close: async () => {},
  };
}
