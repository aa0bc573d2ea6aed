import { builtGreeting, firstBytes, greet } from '../server/greeting.ts';
import { leaveOnSignals } from '../server/signals.ts';
import type { Sources } from '../settings.ts';
import { protocolOutput } from '../stdout.ts';
import type { ServeOptions } from './simulated/simulated-server.ts';

/**
 * Serves MCP on stdin and stdout until the client goes away. The client is greeted before the server is loaded: it may
 * start us only to see whether we are there, and it waits for no module that it does not need yet.
 */
export async function serve(flags: Sources, options: ServeOptions): Promise<void> {
  const signalsTaken = leaveOnSignals();
  const head = await firstBytes(process.stdin);
  const greeting = builtGreeting();
  const greeted = greeting && greet(head, greeting);
  if (greeted) protocolOutput.write(greeted.line);
  const { serveAccount } = await import('./simulated/simulated-server.ts');
  await serveAccount(flags, options, { head, signalsTaken, ...(greeted && { answered: greeted.id }) });
}
