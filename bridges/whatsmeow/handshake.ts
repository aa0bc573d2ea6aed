import type { Socket } from 'node:net';
import type * as z from 'zod';
import { HelloReplySchema, ProofReplySchema } from './contract/hello.ts';
import { type Challenge, freshNonce, isProof, proofOf } from './proof.ts';

/** How long both proofs may take together, ms. */
const usualMs = 1500;
/** Headers and body of an answer; wa-bridge needs a tenth of it. */
const largestAnswer = 4096;
const statusLine = 'HTTP/1.1 200 OK\r\n';

/**
 * Why a connection is not used. Nothing but a nonce was sent before the other end had proven itself.
 * `unproven`: it does not prove to know the token; `silent`: it took too long; `broken`: the connection ended.
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
  /** `host:port` of the address that was asked for. */
  host: string;
  /** Ends it early, as when the time is over. */
  signal: AbortSignal;
  limitMs?: number;
}

/**
 * Lets the program at the other end of a new connection prove that it knows the token, then proves the same to it, which
 * makes it trust this connection. Rejects with HandshakeFailure; the connection must be closed then.
 */
export async function shakeHands(socket: Socket, { token, host, signal, limitMs = usualMs }: Handshake): Promise<void> {
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
 * On this machine the address that was reached, which wa-bridge sees as its own; beyond it, where addresses may be
 * translated on the way, the one that was asked for.
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

/** Reads one answer and leaves the connection as it was, for who uses it next. */
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
 * The body of an answer once it has come whole, as JSON; without a value when it is no answer of wa-bridge, which says
 * 200 and how long it is. Something that follows what was asked for makes it none as well.
 */
function bodyOf(text: string): { value?: unknown } | undefined {
  if (text.length > largestAnswer || !statusLine.startsWith(text.slice(0, statusLine.length))) return {};
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
