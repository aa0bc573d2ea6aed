import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiVersion, type WireStatus } from '../../../bridges/whatsmeow/contract/status.ts';
import { type Challenge, freshNonce, isProof, proofOf } from '../../../bridges/whatsmeow/proof.ts';
import { errorCodes } from '../../../src/domain/errors.ts';
import { knownVersion } from '../../../src/store/sqlite/database.ts';
import { atEnd } from '../at-end.ts';

/** A wa-bridge of the same version as this program. */
export const fakeSchema = knownVersion();

export interface Seen {
  method: string;
  path: string;
  host: string | undefined;
  body: unknown;
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: unknown) => void;

/** Answers like wa-bridge over real HTTP; a test can replace each answer. */
export interface FakeWaBridge {
  dataDir: string;
  url: string;
  port: number;
  token: string;
  status: WireStatus;
  operations: string[];
  /** Answers by path, in place of those of wa-bridge. */
  answers: Record<string, Answer>;
  /** The requests in order, without the handshakes that begin each connection. */
  seen: Seen[];
  /** The number of completed handshakes. */
  handshakes: number;
  /** The highest number of connections open at once. */
  maxConnections(): number;
  stop(): Promise<void>;
}

export function wireStatus(
  changes: Partial<WireStatus> = {},
  version: Partial<WireStatus['version']> = {},
): WireStatus {
  return {
    state: 'ready',
    linked: true,
    connected: true,
    jid: '15550100001@s.whatsapp.net',
    lid: null,
    message: null,
    gaps: 0,
    pending_history: 0,
    version: { api: apiVersion, schema: String(fakeSchema), wa_web: '2.3000.1', bridge: '0.1.0-test', ...version },
    ...changes,
  };
}

export function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  const answer = JSON.stringify(body);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(answer) }).end(answer);
}

export function problem(
  response: ServerResponse,
  code: keyof typeof errorCodes,
  detail: string,
  status?: number,
): void {
  const { status: usual, retryable } = errorCodes[code];
  const body = { type: 'about:blank', title: 'x', status: status ?? usual, detail, code, retryable };
  json(response, body.status, body, 'application/problem+json');
}

export function text(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** Starts one with a data directory of its own, and uses the token there. */
export async function fakeWaBridge(options: { dataDir?: string; port?: number } = {}): Promise<FakeWaBridge> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'fake-wa-bridge-'));
  const fake: FakeWaBridge = {
    dataDir,
    url: '',
    port: 0,
    token: 'a'.repeat(64),
    status: wireStatus(),
    operations: ['business.profile', 'connection.pair', 'connection.pairing_status'],
    answers: {},
    seen: [],
    handshakes: 0,
    maxConnections: () => most,
    stop,
  };
  let most = 0;
  let open = 0;
  const server = createServer((request, response) => void serve(fake, request, response));
  server.on('connection', (socket) => {
    most = Math.max(most, ++open);
    socket.on('close', () => --open);
  });
  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  fake.port = (server.address() as AddressInfo).port;
  fake.url = `http://127.0.0.1:${fake.port}`;
  writeFileSync(join(dataDir, 'bridge-token'), fake.token, { mode: 0o600 });
  atEnd(async () => {
    await stop();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  });
  return fake;
}

const asked = new WeakMap<Socket, Challenge>();
const proven = new WeakSet<Socket>();

/** Completes the handshake on each connection, as the real one does. */
const handshakes: Record<string, (fake: FakeWaBridge, ...args: Parameters<Answer>) => void> = {
  '/v1/hello': (fake, { socket }, response, body) => {
    const { nonce: client } = body as { nonce: string };
    const challenge = { client, server: freshNonce(), address: `127.0.0.1:${fake.port}` };
    asked.set(socket, challenge);
    json(response, 200, { nonce: challenge.server, proof: proofOf(fake.token, 'server', challenge) });
  },
  '/v1/proof': (fake, { socket }, response, body) => {
    const { proof } = body as { proof: string };
    const challenge = asked.get(socket);
    asked.delete(socket);
    if (!challenge || !isProof(proof, proofOf(fake.token, 'client', challenge))) {
      return problem(response, 'not_permitted', 'wrong proof', 401);
    }
    proven.add(socket);
    fake.handshakes += 1;
    json(response, 200, { proven: true });
  },
};

async function serve(fake: FakeWaBridge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  let raw = '';
  for await (const chunk of request) raw += chunk;
  const body: unknown = raw === '' ? undefined : JSON.parse(raw);
  const hello = handshakes[path];
  if (hello && !fake.answers[path] && !fake.answers['*']) return hello(fake, request, response, body);
  fake.seen.push({ method, path, host: headers.host, body });
  const [answer, anyway] = [fake.answers[path], fake.answers['*']];
  if (!answer && anyway) return anyway(request, response, body);
  if (!proven.has(request.socket)) return problem(response, 'not_permitted', 'wrong token', 401);
  if (answer) return answer(request, response, body);
  if (path === '/v1/status') return json(response, 200, fake.status);
  if (path === '/v1/operations') return json(response, 200, { operations: fake.operations });
  return problem(response, 'not_supported', 'This wa-bridge has no such operation.');
}
