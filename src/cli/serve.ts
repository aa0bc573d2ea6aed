import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isZoneName, type Place, Zone } from '../domain/time/zone.ts';
import { builtGreeting, firstBytes, greet } from '../server/greeting.ts';
import { leaveOnSignals } from '../server/signals.ts';
import { fromHome, isSet, type Sources, servedSettings, settings } from '../settings.ts';
import { protocolOutput } from '../stdout.ts';
import { machinePlace } from '../system/machine-zone.ts';
import type { ServeOptions } from './simulated/simulated-server.ts';

/**
 * Serves MCP on stdin and stdout until the client goes away. The client is greeted before the server is loaded: it may
 * start us only to see whether we are there, and it waits for no module that it does not need yet. The greeting
 * of the build names every tool, and the day in the zone of flags and environment; a server that may offer fewer tools,
 * or be in another zone, greets when it is loaded.
 */
export async function serve(flags: Sources, options: ServeOptions): Promise<void> {
  const signalsTaken = leaveOnSignals();
  const head = await firstBytes(process.stdin);
  const greeting = changesGreeting(flags) ? undefined : builtGreeting();
  const greeted = greeting && greet(head, greeting, { ms: Date.now(), zone: namedPlace(flags) });
  if (greeted) protocolOutput.write(greeted.line);
  const { serveAccount } = await import('./simulated/simulated-server.ts');
  await serveAccount(flags, options, { head, signalsTaken, ...(greeted && { answered: greeted.id }) });
}

/**
 * Whether a setting chooses tools, or may choose tools or the zone: what `.env` says counts only later, when its
 * directory is found trustworthy.
 */
function changesGreeting(flags: Sources, env: Sources = process.env as Sources): boolean {
  if (servedSettings.some((name) => isSet(flags[name]) || isSet(env[name]))) return true;
  const given = [flags.WHATSAPP_DATA_DIR, env.WHATSAPP_DATA_DIR].find(isSet);
  const usual = settings.WHATSAPP_DATA_DIR.default();
  const folders = given === undefined ? [usual, join(usual, 'simulated')] : [fromHome(given)];
  const told = [...servedSettings, 'WHATSAPP_TIME_ZONE'];
  return folders.some((folder) => told.some((name) => textOf(join(folder, '.env')).includes(name)));
}

/** A wrong name is refused later, by every call. */
function namedPlace(flags: Sources, env: Sources = process.env as Sources): Place {
  const named = [flags, env].map(({ WHATSAPP_TIME_ZONE: name }) => name?.trim()).find(isSet);
  return named !== undefined && isZoneName(named) ? new Zone(named) : machinePlace(process.env['TZ']);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // one that is missing says nothing; one that cannot be read stops the server later, with the reason
  }
}
