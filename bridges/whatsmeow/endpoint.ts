import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { bridgePaths, type Config } from '../../src/config.ts';
import { ownershipFault } from '../../src/system/ownership.ts';
import { isRunning, startOf } from '../../src/system/process.ts';

/** Where wa-bridge is looked for, and how we know; who answers there has to prove itself in any case. */
export interface Endpoint {
  url: string;
  /** `user`: a setting; `program`: a running wa-bridge wrote it into the data directory; `default`: nobody said it. */
  from: 'user' | 'program' | 'default';
  tokenFile: string;
  /** The running program, where it has left its number. */
  pid: number | null;
  /** Whether it is connected to a simulated WhatsApp; null where that is not known. */
  isSimulated: boolean | null;
}

const defaultUrl = 'http://127.0.0.1:8080';

/** What a running wa-bridge writes into bridge.json. */
const NoteSchema = z.object({
  pid: z.number().int().positive(),
  /** When that process began; empty where the system does not say. */
  start: z.string().default(''),
  url: z.url(),
  simulator: z.unknown().transform(Boolean),
});

/** Reads two small files at most; where wa-bridge runs may change with every start of it. */
export function resolveEndpoint({ dataDir, bridgeUrl, bridgeTokenFile }: Config): Endpoint {
  const paths = bridgePaths(dataDir);
  const tokenFile = bridgeTokenFile ?? paths.token;
  const note = readNote(paths.address);
  if (bridgeUrl !== null && bridgeUrl !== note?.url) {
    return { url: bridgeUrl, from: 'user', tokenFile, pid: null, isSimulated: null };
  }
  if (note === undefined) return { url: defaultUrl, from: 'default', tokenFile, pid: null, isSimulated: null };
  return { url: note.url, from: 'program', tokenFile, pid: note.pid, isSimulated: note.simulator };
}

/** The note of a program that runs; what a killed one left behind, or another user wrote, counts for nothing. */
function readNote(path: string): z.output<typeof NoteSchema> | undefined {
  try {
    if (ownershipFault(path) !== undefined) return undefined;
    const note = NoteSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return wrote(note) ? note : undefined;
  } catch {
    return undefined; // there is none, or it is being written
  }
}

/** Where the system tells when a process began, a note that does not say so is none: its number may be another's now. */
function wrote({ pid, start }: z.output<typeof NoteSchema>): boolean {
  const now = startOf(pid);
  return now === undefined ? isRunning(pid) : now === start;
}

const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/** Why this address must not be asked; undefined when it may. The token goes to no other machine by mistake. */
export function endpointError(place: Endpoint, config: Config): string | undefined {
  const url = new URL(place.url);
  if (!loopback.test(url.hostname) && config.bridgeTokenFile === null) {
    return 'WHATSAPP_BRIDGE_URL names another machine; for that WHATSAPP_BRIDGE_TOKEN_FILE must be set too.';
  }
  // The proof is over the address of wa-bridge itself, so nothing that unpacks an encrypted connection can stand between.
  if (url.protocol !== 'http:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    return 'WHATSAPP_BRIDGE_URL must be like http://127.0.0.1:8080, without path, query or user, and not https.';
  }
  if (place.isSimulated !== null && place.isSimulated !== (config.simulator !== null)) {
    return place.isSimulated
      ? 'The wa-bridge of this data directory is connected to a simulated WhatsApp. Stop it, or use another WHATSAPP_DATA_DIR.'
      : 'The wa-bridge of this data directory is connected to the real WhatsApp. Use another WHATSAPP_DATA_DIR for simulated accounts.';
  }
  return undefined;
}
