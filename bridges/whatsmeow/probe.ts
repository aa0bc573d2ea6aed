import { BrokenCircuitError } from 'cockatiel';
import type { BridgeStatus } from '../bridge.ts';
import { AnnouncementSchema, apiVersion, type WireStatus, WireStatusSchema } from './contract/status.ts';
import { type Door, isTokenRefusal, NoReply, type Reply } from './http.ts';
import type { Place } from './place.ts';

/** How long a program on this machine gets to say how it is, ms. */
const usualAnswerMs = 1500;

/** What a look at wa-bridge found. */
export interface Finding {
  status: BridgeStatus;
  /** What that build can do, in its own words. */
  operations: readonly string[];
  /** False: nothing answers there that could be meant for us; it counts only where a wa-bridge is wanted. */
  isAnybody: boolean;
}

const start = '`whatsapp-hybrid-mcp bridge run`';

/** A bridge that cannot be used, and why. */
export function unusable(message: string, url: string | null): Finding {
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
  return { status, operations: [], isAnybody: true };
}

export interface Look {
  place: Place;
  /** The version of messages.db that this program knows. */
  knownSchema: number;
  answerMs?: number | undefined;
}

type Get = (path: string) => Promise<Reply>;

/** Asks wa-bridge how it is and what it can do; never rejects. Sends nothing that changes anything, whoever listens. */
export async function look(door: Door, { place, knownSchema, answerMs = usualAnswerMs }: Look): Promise<Finding> {
  const { url } = place;
  // A program that keeps silent counts as one that does not answer.
  const get: Get = (path) => door.ask({ method: 'GET', path, patienceMs: answerMs });
  try {
    const begun = performance.now();
    const reply = await get('/v1/status');
    const latencyMs = Math.round((performance.now() - begun) * 10) / 10;
    const status = WireStatusSchema.safeParse(reply.body).data;
    if (reply.status !== 200 || status === undefined) return await stranger(get, place, reply);
    const objection = versionObjection(status, knownSchema);
    if (objection !== undefined) return unusable(objection, url);
    const announced = AnnouncementSchema.safeParse((await get('/v1/operations')).body).data;
    return { status: statusOf(status, url, latencyMs), operations: announced?.operations ?? [], isAnybody: true };
  } catch (error) {
    return { ...unusable(absence(error, url), url), isAnybody: false };
  }
}

const isRefused = (error: unknown): boolean => error instanceof NoReply && error.kind === 'refused';

function absence(error: unknown, url: string): string {
  if (isRefused(error)) return `wa-bridge does not run: nobody answers on ${url}. Start it with ${start}.`;
  if (error instanceof BrokenCircuitError)
    return `wa-bridge on ${url} failed several times; it is asked again in a moment.`;
  const kinds: Record<NoReply['kind'], string> = {
    refused: 'nobody answers',
    broken: 'the connection breaks off',
    oversized: 'its answer has no end',
    silent: 'it keeps silent',
  };
  const what = error instanceof NoReply ? kinds[error.kind] : 'it cannot be asked';
  return `wa-bridge on ${url} cannot be used: ${what}. Stop it and start it with ${start}.`;
}

function statusOf(status: WireStatus, url: string, latencyMs: number): BridgeStatus {
  const { state, linked, connected, jid, lid, message, gaps, version } = status;
  const remote = { url, latencyMs, version: version.bridge ?? null };
  return { state, linked, connected, jid, lid, message, gaps, remote };
}

/** Why two builds must not work together; undefined when they may. */
function versionObjection({ version }: WireStatus, knownSchema: number): string | undefined {
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

/** Somebody answers, but not as a wa-bridge that knows us. */
async function stranger(get: Get, { url, tokenFile }: Place, reply: Reply): Promise<Finding> {
  if (isTokenRefusal(reply)) {
    const message = `The wa-bridge on ${url} does not take the token in ${tokenFile}: it was started with another data directory. Start one for this one on another port with ${start}, or set WHATSAPP_BRIDGE_TOKEN_FILE.`;
    // It may serve another account of this user; who wants none here is not troubled with it.
    return { ...unusable(message, url), isAnybody: false };
  }
  if (reply.problem) return unusable(`The wa-bridge on ${url} refuses to be asked (${reply.problem.code}).`, url);
  if (await isOtherBridge(get)) {
    return unusable(
      `Another WhatsApp bridge answers on ${url}, which this program cannot use. Start wa-bridge on another port: set WHATSAPP_BRIDGE_URL to http://127.0.0.1:8090, say, and run ${start}; or set WHATSAPP_BRIDGE to baileys.`,
      url,
    );
  }
  const message = `Another program answers on ${url}, no wa-bridge. Set WHATSAPP_BRIDGE_URL to a free port and run ${start}.`;
  return { ...unusable(message, url), isAnybody: false };
}

/**
 * Bridges of the common kind send at POST /api/send and fetch at POST /api/download, and nothing else there. A GET does
 * neither; it is refused for its method where the path exists.
 */
async function isOtherBridge(get: Get): Promise<boolean> {
  const replies = await Promise.all(['/api/send', '/api/download', '/api/no-such-path'].map((path) => get(path)));
  const [send, download, nothing] = replies.map(({ status }) => status === 405);
  return send === true && download === true && nothing === false;
}
