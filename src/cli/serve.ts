import { builtGreeting, firstBytes, greet } from '../server/greeting.ts';
import { leaveOnSignals } from '../server/signals.ts';
import type { Sources } from '../settings.ts';
import { protocolOutput } from '../stdout.ts';
import type { ServeOptions } from './simulated/simulated-server.ts';

/**
 * Serves MCP on stdin and stdout until the client disconnects. Answers `initialize` before loading the server: a client
 * may start it only to see whether it works.
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
