import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { bridgePaths, type Config } from '../../src/config.ts';
import { isRunning } from '../../src/system/process.ts';

/** Where wa-bridge is looked for, and how we know. */
export interface Place {
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
  url: z.url(),
  simulator: z.unknown().transform(Boolean),
});

/** Reads two small files at most; where wa-bridge runs may change with every start of it. */
export function placeOf({ dataDir, bridgeUrl, bridgeTokenFile }: Config): Place {
  const paths = bridgePaths(dataDir);
  const tokenFile = bridgeTokenFile ?? paths.token;
  const note = readNote(paths.address);
  if (bridgeUrl !== null && bridgeUrl !== note?.url) {
    return { url: bridgeUrl, from: 'user', tokenFile, pid: null, isSimulated: null };
  }
  if (note === undefined) return { url: defaultUrl, from: 'default', tokenFile, pid: null, isSimulated: null };
  return { url: note.url, from: 'program', tokenFile, pid: note.pid, isSimulated: note.simulator };
}

/** The note of a program that runs; what a killed one left behind counts for nothing. */
function readNote(path: string): z.output<typeof NoteSchema> | undefined {
  try {
    const note = NoteSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isRunning(note.pid) ? note : undefined;
  } catch {
    return undefined; // there is none, or it is being written
  }
}

/** Whether anybody wants a wa-bridge here: a setting says so, or one was started in this data directory before. */
export function isWanted({ bridge, bridgeUrl }: Config, { from, tokenFile }: Place): boolean {
  return bridge === 'whatsmeow' || bridgeUrl !== null || from === 'program' || existsSync(tokenFile);
}

const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/** Why this address must not be asked; undefined when it may. The token goes to no other machine by mistake. */
export function objectionTo(place: Place, config: Config): string | undefined {
  const url = new URL(place.url);
  if (!loopback.test(url.hostname) && config.bridgeTokenFile === null) {
    return 'WHATSAPP_BRIDGE_URL names another machine; for that WHATSAPP_BRIDGE_TOKEN_FILE must be set too.';
  }
  if (url.pathname !== '/' || url.search !== '' || url.username !== '') {
    return 'WHATSAPP_BRIDGE_URL must be like http://127.0.0.1:8080, without path, query or user.';
  }
  if (place.isSimulated !== null && place.isSimulated !== (config.simulator !== null)) {
    return place.isSimulated
      ? 'The wa-bridge of this data directory is connected to a simulated WhatsApp. Stop it, or use another WHATSAPP_DATA_DIR.'
      : 'The wa-bridge of this data directory is connected to the real WhatsApp. Use another WHATSAPP_DATA_DIR for simulated accounts.';
  }
  return undefined;
}

/** The secret, or undefined while there is none; read anew whenever it was refused. */
export function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
