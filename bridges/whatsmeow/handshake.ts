import type { Socket } from 'node:net';
import type * as z from 'zod';
import { HelloReplySchema, ProofReplySchema } from './contract/hello.ts';
import { type Challenge, freshNonce, isProof, proofOf } from './proof.ts';

/** Timeout for both proofs together, ms. */
const defaultTimeoutMs = 1500;
/** Max bytes of headers and body of an answer; wa-bridge needs a tenth of it. */
const maxAnswerBytes = 4096;
const statusLine = 'HTTP/1.1 200 OK\r\n';

/**
 * Why a connection is not used. Before the daemon has proven itself, we send only a nonce. `unproven`: it does not
 * prove that it knows the token; `silent`: timeout; `broken`: the connection ended.
 */
export class HandshakeFailure extends Error {
  override readonly name = 'HandshakeFailure';
  readonly fault: 'unproven' | 'silent' | 'broken';

  constructor(fault: HandshakeFailure['fault']) {
    super(`no handshake: ${fault}`);
    this.fault = fault;
  }
}

export interface Handshake {
  token: string;
  /** `host:port` of the requested address. */
  host: string;
  /** Aborts the handshake. */
  signal: AbortSignal;
  limitMs?: number;
}

/**
 * Verifies that the server on a new connection knows the token, then proves the same to it, so that it trusts this
 * connection. Rejects with HandshakeFailure; the caller must close the connection then.
 */
export async function shakeHands(
  socket: Socket,
  { token, host, signal, limitMs = defaultTimeoutMs }: Handshake,
): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  const until = AbortSignal.any([signal, late.signal]);
  const address = addressOf(socket, host);
  const ask = <T>(path: string, body: object, shape: z.ZodType<T>): Promise<T> => {
    socket.write(requestOf(path, address, body));
    return answerOf(socket, shape, until);
  };
  try {
    const client = freshNonce();
    const { nonce, proof } = await ask('/v1/hello', { nonce: client }, HelloReplySchema);
    const challenge: Challenge = { client, server: nonce, address };
    if (!isProof(proof, proofOf(token, 'server', challenge))) throw new HandshakeFailure('unproven');
    await ask('/v1/proof', { proof: proofOf(token, 'client', challenge) }, ProofReplySchema);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The address that the proof covers: on this machine the one reached, which wa-bridge sees as its own; for a remote
 * host, where NAT may translate it, the requested one.
 */
function addressOf({ remoteAddress = '', remotePort = 0 }: Socket, host: string): string {
  const ip = remoteAddress.replace(/^::ffff:/, '');
  if (ip === '::1') return `[::1]:${remotePort}`;
  return /^127\./.test(ip) ? `${ip}:${remotePort}` : host.toLowerCase();
}

function requestOf(path: string, address: string, body: object): string {
  const text = JSON.stringify(body);
  const headers = [`Host: ${address}`, 'Content-Type: application/json', `Content-Length: ${text.length}`];
  return `POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${text}`;
}

/** Reads one answer and restores the connection's state for the next user. */
function answerOf<T>(socket: Socket, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const listening = new AbortController();
  const answer = new Promise<T>((resolve, reject) => {
    let text = '';
    const fail = (fault: HandshakeFailure['fault']) => () => reject(new HandshakeFailure(fault));
    const read = () => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
        text += chunk.toString('latin1');
        const body = bodyOf(text);
        if (body === undefined) continue;
        const told = shape.safeParse(body.value);
        return told.success ? resolve(told.data) : fail('unproven')();
      }
    };
    const events = { readable: read, end: fail('broken'), close: fail('broken'), error: fail('broken') };
    for (const [event, listener] of Object.entries(events)) {
      socket.on(event, listener);
      listening.signal.addEventListener('abort', () => socket.off(event, listener));
    }
    signal.addEventListener('abort', fail('silent'), { signal: listening.signal });
    if (signal.aborted) fail('silent')();
  });
  return answer.finally(() => listening.abort());
}

/**
 * The body of a complete answer, as JSON; undefined while it is incomplete; without `value` when it is not an answer of
 * wa-bridge, which has status 200 and a content length. Extra bytes after the body make it invalid.
 */
function bodyOf(text: string): { value?: unknown } | undefined {
  if (text.length > maxAnswerBytes || !statusLine.startsWith(text.slice(0, statusLine.length))) return {};
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const headers = text.slice(statusLine.length, end).split('\r\n');
  const lengths = headers.filter((line) => /^(content-length|transfer-encoding)\s*:/i.test(line));
  const length = Number(/^content-length: (\d{1,4})$/i.exec(lengths.join())?.[1] ?? Number.NaN);
  const body = text.slice(end + 4);
  if (Number.isNaN(length) || body.length > length) return {};
  return body.length < length ? undefined : { value: parse(body) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
