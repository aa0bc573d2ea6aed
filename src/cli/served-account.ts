import { createApp } from '../app.ts';
import type { Sources } from '../config.ts';
import { type Opening, serveStdio } from '../server/stdio.ts';
import { type SimulatedState, simulatedApp } from './simulated.ts';
import { loadConfigFor } from './simulator-document.ts';

export interface ServeOptions {
  simulated?: SimulatedState;
  simulator?: string;
}

/** Serves the account that the options name: a simulated one, one of a simulator elsewhere, or the user's. */
export async function serveAccount(
  flags: Sources,
  { simulated, simulator }: ServeOptions,
  opening: Opening,
): Promise<void> {
  if (simulated !== undefined) return serveStdio(simulatedApp(simulated, flags), opening);
  return serveStdio(createApp(await loadConfigFor(flags, simulator)), opening);
}
