import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import { type Problem, ProblemSchema } from './contract/problem.ts';
import { HandshakeFailure, shakeHands } from './handshake.ts';
import { readToken } from './token.ts';

/** wa-bridge runs 64 operations at once; further requests wait here instead of being refused there. */
const connections = 16;
const connectMs = 2000;
/** Larger than any answer of an operation. */
const maxResponseBytes = 8 * 1024 * 1024;
/** Timeouts are set per request. */
const poolOptions = {
  connections,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxResponseSize: maxResponseBytes,
} satisfies Pool.Options;
const maxConsecutiveFailures = 3;
/**
 * Failures that cost time. A closed port or a foreign server fails at once, so the breaker ignores it and finds a
 * restart immediately.
 */
const slowFailure = handleWhen(
  (error) => error instanceof TransportError && error.kind !== 'refused' && error.kind !== 'unproven',
);
/** How long the breaker stays open after several failures, ms. */
const defaultBreakerCooldownMs = 2000;

/** There is no readable answer. */
export class TransportError extends Error {
  override readonly name = 'NoReply';
  /**
   * `refused`: the port is closed; `unproven`: the server does not prove that it is wa-bridge; `broken`: the connection
   * ended early; `oversized`: the answer was too long; `silent`: timeout.
   */
  readonly kind: 'refused' | 'unproven' | 'broken' | 'oversized' | 'silent';
  /** The request was not sent. */
  readonly isUnsent: boolean;

  constructor(kind: TransportError['kind'], options: ErrorOptions = {}) {
    super(`no reply: ${kind}`, options);
    this.kind = kind;
    this.isUnsent = kind === 'refused' || options.cause instanceof HandshakeFailure;
  }
}

/** An answer; `body` is undefined when it is not JSON, `problem` is set when it is one of our errors. */
export interface DaemonResponse {
  status: number;
  body?: unknown;
  problem?: Problem | undefined;
}

export interface DaemonRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Timeout in ms, for requests that the daemon answers without WhatsApp. */
  timeoutMs?: number;
  /** Uses a new connection: a kept one may be dead, and then it is unknown whether the daemon read the request. */
  isOnce?: boolean;
}

/** Connections to one running daemon; each proves that it knows the token before it carries a request. */
export class DaemonClient {
  readonly #url: string;
  readonly #tokenFile: string;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #end = new AbortController();
  #pools: Promise<Record<'kept' | 'single', Pool>> | undefined;

  constructor(url: string, tokenFile: string, restMs = defaultBreakerCooldownMs) {
    this.#url = url;
    this.#tokenFile = tokenFile;
    this.#breaker = circuitBreaker(slowFailure, {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(maxConsecutiveFailures),
    });
    setMaxListeners(0, this.#end.signal); // one per running handshake
  }

  /** Loads undici on first use, since loading it is slow. A bundle has only its default export. */
  #open(): Promise<Record<'kept' | 'single', Pool>> {
    this.#pools ??= import('undici').then(({ default: { buildConnector, Pool } }) => {
      const options = { ...poolOptions, connect: this.#proving(buildConnector({ timeout: connectMs })) };
      return { kept: new Pool(this.#url, options), single: new Pool(this.#url, { ...options, pipelining: 0 }) };
    });
    return this.#pools;
  }

  /** Hands out a connection after both ends have proven themselves; reads the token anew for each. */
  #proving(plain: buildConnector.connector): buildConnector.connector {
    return (options, callback) =>
      plain(options, (error, socket) => {
        if (error !== null) return callback(error, null);
        this.#prove(socket).then(
          () => callback(null, socket),
          (reason: Error) => {
            socket.destroy();
            callback(reason, null);
          },
        );
      });
  }

  async #prove(socket: Socket): Promise<void> {
    const found = readToken(this.#tokenFile);
    if (found === 'absent' || 'refusal' in found) throw new HandshakeFailure('unproven');
    const { hostname, port } = new URL(this.#url);
    await shakeHands(socket, { token: found.token, host: `${hostname}:${port || 80}`, signal: this.#end.signal });
  }

  /**
   * Rejects with TransportError, with BrokenCircuitError after several of those, and with the reason of an aborted
   * signal.
   */
  request(question: DaemonRequest): Promise<DaemonResponse> {
    return this.#breaker.execute(() => this.#send(question));
  }

  async #send({ method, path, body, signal, timeoutMs, isOnce }: DaemonRequest): Promise<DaemonResponse> {
    const headers = {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const patience = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const until = signal ?? patience;
    try {
      const { kept, single } = await this.#open();
      const response = await (isOnce ? single : kept).request({
        method,
        path,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        ...(until && { signal: until }),
      });
      return await read(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw new TransportError(patience?.aborted ? 'silent' : kindOf(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#end.abort();
    const pools = Object.values((await this.#pools) ?? {});
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

async function read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<DaemonResponse> {
  const text = await body.text();
  const type = String(headers['content-type'] ?? '');
  if (!/^application\/(problem\+)?json\b/.test(type)) return { status: statusCode };
  const json = parse(text);
  return {
    status: statusCode,
    body: json,
    problem: type.includes('problem') ? ProblemSchema.safeParse(json).data : undefined,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A 401 of the daemon's authentication; operations use 401 too, with other codes. */
export function isTokenRefusal({ status, problem }: DaemonResponse): boolean {
  return status === 401 && problem?.code === 'not_permitted';
}

/** Errors before any byte was sent. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function kindOf(error: unknown): TransportError['kind'] {
  if (error instanceof HandshakeFailure) return error.fault;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (unsentCodes.has(code)) return 'refused';
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? 'oversized' : 'broken';
}
