import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { SimulatorContext } from './context.ts';
import { issueCredentials } from './phone/credentials.ts';
import { type Pairings, ScanError } from './phone/pairing.ts';

const PIECES = 10;

interface Reply {
  status: number;
  body?: string | Buffer;
  type?: string;
}

/** The path of a file in a URL: query strings begin with `?`, or with `&` when the path already has a `?`. */
function pathOf(url: string): string {
  return url.split(/[?&]/, 1)[0] ?? url;
}

function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Sends a file like a slow host: in pieces, with pauses that add up to this long. */
async function trickle(response: ServerResponse, body: Buffer, ms: number): Promise<undefined> {
  const size = Math.ceil(body.length / PIECES);
  response.writeHead(200, { 'content-length': body.length });
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    response.write(body.subarray(start, start + size));
    await delay(ms / PIECES);
  }
  response.end();
}

/** The HTTP API: the discovery document, the phone's actions, and the media server. */
export class HttpApi {
  private readonly context: SimulatorContext;
  private readonly pairings: Pairings;
  private readonly document: () => unknown;
  private readonly resendHistory: () => Promise<unknown>;
  private readonly sendDemo: (text: string) => Promise<unknown>;

  constructor(
    context: SimulatorContext,
    pairings: Pairings,
    document: () => unknown,
    resendHistory: () => Promise<unknown>,
    speak: (text: string) => Promise<unknown>,
  ) {
    this.context = context;
    this.pairings = pairings;
    this.document = document;
    this.resendHistory = resendHistory;
    this.sendDemo = speak;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.route(request, response);
      if (!reply) return;
      response.writeHead(reply.status, { 'content-type': reply.type ?? 'application/octet-stream' }).end(reply.body);
    } catch (error) {
      this.context.log(`HTTP request failed: ${error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const url = request.url ?? '/';
    switch (`${request.method} ${pathOf(url)}`) {
      case 'GET /simulator.json':
        return json(200, this.document());
      case 'POST /simulator/scan':
        return this.scan(await text(request));
      case 'POST /simulator/message':
        return this.message(await text(request));
      case 'POST /simulator/credentials':
        return { status: 200, type: 'application/json', body: issueCredentials(this.context) };
      case 'POST /simulator/history':
        // Answers before the history is sent, because that takes as long as the devices need.
        void this.resendHistory().catch((error) => this.context.log(`history failed: ${error}`));
        return json(202, { devices: this.context.account.devices.size });
      case 'GET /':
        return { status: 200, type: 'text/html', body: '<script>{"client_revision":1043857760,}</script>' };
      default:
        return this.file(request, response, pathOf(url));
    }
  }

  private async scan(body: string): Promise<Reply> {
    try {
      const { qr, code, phone, passkey } = JSON.parse(body) as Record<string, unknown>;
      const manner = { passkey: passkey === true };
      const linking =
        typeof qr === 'string'
          ? this.pairings.scan(qr, manner)
          : typeof code === 'string' && typeof phone === 'string' && this.pairings.enter(code, phone, manner);
      if (!linking) return json(400, { error: 'expected {"qr": "…"} or {"code": "…", "phone": "…"}' });
      return json(200, { jid: (await linking).jid });
    } catch (error) {
      if (error instanceof ScanError) return json(error.status, { error: error.message });
      if (error instanceof SyntaxError) return json(400, { error: 'not JSON' });
      throw error;
    }
  }

  /** Answers once every linked device has confirmed the message, however long that takes. */
  private async message(body: string): Promise<Reply> {
    const said = parsed(body)?.['text'];
    if (typeof said !== 'string' || said === '') return json(400, { error: 'expected {"text": "…"}' });
    return json(200, await this.sendDemo(said));
  }

  private async file(request: IncomingMessage, response: ServerResponse, path: string): Promise<Reply | undefined> {
    if (request.method === 'GET') return this.download(response, path);
    if (request.method === 'DELETE') return { status: 200 };
    if (request.method !== 'POST') return { status: 405 };
    const body = await buffer(request);
    const stored = `${path}/${createHash('sha256').update(body).digest('base64url')}`;
    this.context.media.keep(stored, body);
    return json(200, {
      url: `https://${this.context.mediaHost}${stored}?sim=1`,
      direct_path: `${stored}?sim=1`,
      handle: 'sim',
    });
  }

  private async download(response: ServerResponse, path: string): Promise<Reply | undefined> {
    const { media, faults, events, counters } = this.context;
    counters.add('mediaGets');
    const planned = faults.nextMedia();
    const body = planned === undefined ? await media.read(path) : undefined;
    const status = planned ?? (body ? 200 : 404);
    events.emit('media_get', { path, status });
    const stalled = body !== undefined && faults.nextStall();
    const slowMs = body && !stalled ? faults.nextSlow() : undefined;
    if (body && slowMs !== undefined) return trickle(response, body, slowMs);
    if (!body || !(stalled || faults.hits('media_get'))) return { status, ...(body && { body }) };
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, body.length >> 1), () => {
      events.emit('media_half', { path });
      if (!stalled) response.destroy();
    });
    return undefined;
  }
}
