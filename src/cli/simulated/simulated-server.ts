import { createApp, failedOutcome } from '../../app.ts';
import type { Sources } from '../../config.ts';
import { type Opening, type Served, serveStdio } from '../../server/stdio.ts';
import { catalog } from '../../tools/catalog.ts';
import { UnsafeSettings } from '../data/trust.ts';
import { note } from '../terminal.ts';
import { type SimulatedState, simulatedApp } from './simulated.ts';
import { loadConfigFor } from './simulator-document.ts';

export interface ServeOptions {
  simulated?: SimulatedState;
  simulator?: string;
}

/** Serves the account of the options: a simulated one, one of an external simulator, or the user's. */
export async function serveAccount(flags: Sources, options: ServeOptions, opening: Opening): Promise<void> {
  const app = await appFor(flags, options).catch((error: unknown) => {
    if (error instanceof UnsafeSettings) return refusing(error);
    throw error;
  });
  return serveStdio(app, opening);
}

async function appFor(flags: Sources, { simulated, simulator }: ServeOptions): Promise<Served> {
  if (simulated !== undefined) return simulatedApp(simulated, flags);
  return createApp(await loadConfigFor(flags, simulator));
}

/**
 * Replaces an app that must not start: every call fails with the reason. Clients show users the error of a call, but of
 * a server that ends only its end.
 */
function refusing(reason: UnsafeSettings): Served {
  note(reason.message);
  const refuse = () => Promise.reject(reason);
  return {
    config: { logLevel: 'warn' },
    offered: { tools: catalog, runTool: async () => failedOutcome(reason) },
    lookup: { complete: refuse, resolve: refuse },
    close: async () => {},
  };
}
