import { BrokenCircuitError } from 'cockatiel';
import type { BridgeStatus } from '../bridge.ts';
import { AnnouncementSchema, apiVersion, type WireStatus, WireStatusSchema } from './contract/status.ts';
import { type DaemonClient, TransportError } from './daemon-client.ts';
import type { Endpoint } from './endpoint.ts';

/** How long a daemon on this machine may take to answer a probe, ms. */
const defaultAnswerMs = 1500;

/** The result of a probe. */
export interface ProbeResult {
  status: BridgeStatus;
  /** The operations that the build announced. */
  operations: readonly string[];
}

const start = '`whatsapp-hybrid-mcp bridge run`';

/** The result for a bridge that cannot be used, with the reason. */
export function unavailable(message: string, url: string | null): ProbeResult {
  const remote = { url, latencyMs: null, version: null };
  const status: BridgeStatus = {
    state: 'down',
    linked: false,
    connected: false,
    jid: null,
    lid: null,
    message,
    remote,
  };
  return { status, operations: [] };
}

export interface ProbeOptions {
  place: Endpoint;
  /** The schema version of messages.db that this program knows. */
  knownSchema: number;
  answerMs?: number | undefined;
}

/** Requests status and operations of wa-bridge; never rejects. A foreign server learns nothing. */
export async function probe(
  door: DaemonClient,
  { place, knownSchema, answerMs = defaultAnswerMs }: ProbeOptions,
): Promise<ProbeResult> {
  const { url } = place;
  // A timeout counts as no answer.
  const get = (path: string) => door.request({ method: 'GET', path, timeoutMs: answerMs });
  try {
    const begun = performance.now();
    const reply = await get('/v1/status');
    const latencyMs = Math.round((performance.now() - begun) * 10) / 10;
    const status = WireStatusSchema.safeParse(reply.body).data;
    if (reply.status !== 200 || status === undefined) return unavailable(unreadable(url), url);
    const objection = versionMismatch(status, knownSchema);
    if (objection !== undefined) return unavailable(objection, url);
    const announced = AnnouncementSchema.safeParse((await get('/v1/operations')).body).data;
    return { status: statusOf(status, url, latencyMs), operations: announced?.operations ?? [] };
  } catch (error) {
    return unavailable(absence(error, place), url);
  }
}

const unreadable = (url: string): string =>
  `The wa-bridge on ${url} does not say how it is in a way that this program knows. Stop it and start the one of this version with ${start}.`;

function absence(error: unknown, { url, tokenFile }: Endpoint): string {
  const kind = error instanceof TransportError ? error.kind : undefined;
  if (kind === 'refused') return `wa-bridge does not run: nobody answers on ${url}. Start it with ${start}.`;
  if (error instanceof BrokenCircuitError)
    return `wa-bridge on ${url} failed several times; it is asked again in a moment.`;
  if (kind === 'unproven') {
    return `What answers on ${url} does not prove that it is the wa-bridge of this data directory, and was told nothing. It is another program, an older wa-bridge, or one with another token than ${tokenFile}. Start wa-bridge on another port: set WHATSAPP_BRIDGE_URL to http://127.0.0.1:8090, say, and run ${start}; or set WHATSAPP_BRIDGE to baileys.`;
  }
  const kinds: Record<Exclude<TransportError['kind'], 'refused' | 'unproven'>, string> = {
    broken: 'the connection breaks off',
    oversized: 'its answer has no end',
    silent: 'it keeps silent',
  };
  const what = kind === undefined ? 'it cannot be asked' : kinds[kind];
  return `wa-bridge on ${url} cannot be used: ${what}. Stop it and start it with ${start}.`;
}

function statusOf(status: WireStatus, url: string, latencyMs: number): BridgeStatus {
  const { state, linked, connected, jid, lid, message, gaps, version } = status;
  const remote = { url, latencyMs, version: version.bridge ?? null };
  return { state, linked, connected, jid, lid, message, gaps, remote };
}

/** Why two builds must not work together; undefined when they may. */
function versionMismatch({ version }: WireStatus, knownSchema: number): string | undefined {
  const major = (text: string) => text.split('.')[0];
  const updateOurs = 'Update whatsapp-hybrid-mcp.';
  const updateTheirs = `Stop it and start the one of this version with ${start}.`;
  if (major(version.api) !== major(apiVersion)) {
    const isNewer = Number(major(version.api)) > Number(major(apiVersion));
    return `The running wa-bridge speaks version ${version.api.slice(0, 20)} of its interface, this program ${apiVersion}. ${isNewer ? updateOurs : updateTheirs}`;
  }
  const schema = Number(version.schema);
  if (schema === knownSchema) return undefined;
  return `The running wa-bridge knows version ${schema} of messages.db, this program ${knownSchema}. ${schema > knownSchema ? updateOurs : updateTheirs}`;
}
