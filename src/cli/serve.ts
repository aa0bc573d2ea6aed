import { createApp } from '../app.ts';
import type { Sources } from '../config.ts';
import { serveStdio } from '../server/stdio.ts';
import { loadConfig } from './settings.ts';
import { simulatedApp } from './simulated.ts';
import { fetchSimulatorDocument } from './simulator-document.ts';

export interface ServeOptions {
  simulated?: 'fresh' | 'synced';
  simulator?: string;
}

/** Serves MCP on stdin and stdout until the client goes away. */
export async function serve(flags: Sources, { simulated, simulator }: ServeOptions): Promise<void> {
  if (simulated !== undefined) return serveStdio(simulatedApp(simulated, flags));
  const document = simulator === undefined ? undefined : await fetchSimulatorDocument(simulator);
  return serveStdio(createApp(loadConfig(flags, document === undefined ? {} : { simulator: document })));
}
