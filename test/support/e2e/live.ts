import type { Simulator } from '../../../src/simulator/simulator.ts';
import { poll } from '../poll.ts';
import type { Answer, ServedClient } from './client.ts';
import { serve } from './client.ts';
import { link, retrieve } from './link.ts';
import { temporaryDir } from './program.ts';

/** A server whose account is linked and whose history is copied: later messages are live. */
export async function serveLinked(simulator: Simulator, dataDir = temporaryDir()): Promise<ServedClient> {
  const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  const server = await serve(['--simulator', simulator.url], env);
  await link(server, simulator);
  await retrieve(server);
  await server.call('sync_history_to_database', {}, () => {});
  await simulator.idle();
  return server;
}

/**
 * Repeats the call until the answer matches, and returns how long that took; the test's own timeout ends it otherwise.
 */
export async function until(
  { call }: Pick<ServedClient, 'call'>,
  name: string,
  args: Answer,
  wanted: (answer: Answer) => boolean,
): Promise<{ answer: Answer; ms: number }> {
  const from = performance.now();
  const answer = await poll(() => call(name, args), wanted);
  return { answer, ms: performance.now() - from };
}

/** The messages of a list answer. */
export const messagesOf = (answer: Answer): Answer[] => answer['messages'] as Answer[];
