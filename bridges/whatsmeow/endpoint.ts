import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { bridgePaths, type Config } from '../../src/config.ts';
import { ownershipFault } from '../../src/system/ownership.ts';
import { isRunning, startOf } from '../../src/system/process.ts';

/** Where wa-bridge should listen, and how we know; the server there must prove itself in any case. */
export interface Endpoint {
  url: string;
  /**
   * `user`: from a setting; `program`: a running wa-bridge wrote it into the data directory; `default`: from neither.
   */
  from: 'user' | 'program' | 'default';
  tokenFile: string;
  /** The process id of the running daemon, if it has recorded it. */
  pid: number | null;
  /** Whether it is connected to a simulated WhatsApp; null when unknown. */
  isSimulated: boolean | null;
}

const defaultUrl = 'http://127.0.0.1:8080';

/** The content of bridge.json, which a running wa-bridge writes. */
const AddressFileSchema = z.object({
  pid: z.number().int().positive(),
  /** When that process started; empty where the system does not tell. */
  start: z.string().default(''),
  url: z.url(),
  simulator: z.unknown().transform(Boolean),
});

/** Reads two small files at most; the endpoint may change with every start of wa-bridge. */
export function resolveEndpoint({ dataDir, bridgeUrl, bridgeTokenFile }: Config): Endpoint {
  const paths = bridgePaths(dataDir);
  const tokenFile = bridgeTokenFile ?? paths.token;
  const note = readAddressFile(paths.address);
  if (bridgeUrl !== null && bridgeUrl !== note?.url) {
    return { url: bridgeUrl, from: 'user', tokenFile, pid: null, isSimulated: null };
  }
  if (note === undefined) return { url: defaultUrl, from: 'default', tokenFile, pid: null, isSimulated: null };
  return { url: note.url, from: 'program', tokenFile, pid: note.pid, isSimulated: note.simulator };
}

/** The address file of a running daemon; ignores one from a killed process or another user. */
function readAddressFile(path: string): z.output<typeof AddressFileSchema> | undefined {
  try {
    if (ownershipFault(path) !== undefined) return undefined;
    const note = AddressFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isFromRunningProcess(note) ? note : undefined;
  } catch {
    return undefined; // it is missing, or being written
  }
}

/**
 * Where the system tells start times, a file without one is invalid: its process id may belong to another process now.
 */
function isFromRunningProcess({ pid, start }: z.output<typeof AddressFileSchema>): boolean {
  const now = startOf(pid);
  return now === undefined ? isRunning(pid) : now === start;
}

const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Why this address must not be used; undefined when it may. This prevents sending a proof to another machine by
 * mistake.
 */
export function endpointError(place: Endpoint, config: Config): string | undefined {
  const url = new URL(place.url);
  if (!loopback.test(url.hostname) && config.bridgeTokenFile === null) {
    return 'WHATSAPP_BRIDGE_URL names another machine; for that WHATSAPP_BRIDGE_TOKEN_FILE must be set too.';
  }
  // The proof covers the address of wa-bridge itself, so a proxy that ends TLS cannot stand between.
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
