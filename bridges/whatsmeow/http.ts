import { type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { Dispatcher, Pool } from 'undici';
import { type Problem, ProblemSchema } from './contract/problem.ts';
import { readToken } from './place.ts';

/** wa-bridge carries out 64 operations at once; who asks for more waits here instead of being refused there. */
const connections = 16;
const connectMs = 2000;
/** More than any answer of an operation has. */
const largestReply = 8 * 1024 * 1024;
/** How long an answer may take is a matter of who asks. */
const poolOptions: Pool.Options = {
  connections,
  connect: { timeout: connectMs },
  headersTimeout: 0,
  bodyTimeout: 0,
  maxResponseSize: largestReply,
};
const failuresInARow = 3;
/** Where nobody listens is known at once, so there is nothing to spare; and who starts again is found at once. */
const costlyFailure = handleWhen((error) => error instanceof NoReply && error.kind !== 'refused');
/** How long a program that failed several times is left alone, ms. */
const usualRestMs = 2000;

/** No answer came that could be read. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
  /** `refused`: nobody listens; `broken`: the connection ended first; `oversized`: it was cut off; `silent`: in time nothing came. */
  readonly kind: 'refused' | 'broken' | 'oversized' | 'silent';

  constructor(kind: NoReply['kind'], options: ErrorOptions = {}) {
    super(`no reply: ${kind}`, options);
    this.kind = kind;
  }
}

/** What came back; `body` is undefined when it was no JSON, `problem` set when it was one of ours. */
export interface Reply {
  status: number;
  body?: unknown;
  problem?: Problem | undefined;
}

export interface Question {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** After so many ms without an answer there is none; for questions that a program answers by itself. */
  patienceMs?: number;
  /** On a connection of its own: one that was kept may be dead already, and then nobody knows whether this was read. */
  isOnce?: boolean;
}

/** Connections to one running program, with its token. */
export class Door {
  readonly #url: string;
  readonly #tokenFile: string;
  readonly #breaker: CircuitBreakerPolicy;
  #pools: Promise<Record<'kept' | 'single', Pool>> | undefined;
  #token: string | undefined;

  constructor(url: string, tokenFile: string, restMs = usualRestMs) {
    this.#url = url;
    this.#tokenFile = tokenFile;
    this.#breaker = circuitBreaker(costlyFailure, {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(failuresInARow),
    });
  }

  /** The library takes longer to load than a server may take to start. A bundle has only its default export. */
  #open(): Promise<Record<'kept' | 'single', Pool>> {
    this.#pools ??= import('undici').then(({ default: { Pool } }) => ({
      kept: new Pool(this.#url, poolOptions),
      single: new Pool(this.#url, { ...poolOptions, pipelining: 0 }),
    }));
    return this.#pools;
  }

  /** Rejects with NoReply, with BrokenCircuitError after several of those, and with the reason of an aborted signal. */
  ask(question: Question): Promise<Reply> {
    return this.#breaker.execute(() => this.#askWithToken(question));
  }

  /** A program that was started anew may have made a new token, so a refused one is read again. */
  async #askWithToken(question: Question): Promise<Reply> {
    this.#token ??= readToken(this.#tokenFile);
    const reply = await this.#send(question, this.#token);
    if (!isTokenRefusal(reply)) return reply;
    const token = readToken(this.#tokenFile);
    if (token === undefined || token === this.#token) return reply;
    this.#token = token;
    return this.#send(question, token);
  }

  async #send({ method, path, body, signal, patienceMs, isOnce }: Question, token: string | undefined): Promise<Reply> {
    const headers = {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const patience = patienceMs === undefined ? undefined : AbortSignal.timeout(patienceMs);
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
      throw new NoReply(patience?.aborted ? 'silent' : kindOf(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    const pools = Object.values((await this.#pools) ?? {});
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

async function read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Reply> {
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

/** The refusal of the door itself: operations say 401 too, with other codes. */
export function isTokenRefusal({ status, problem }: Reply): boolean {
  return status === 401 && problem?.code === 'not_permitted';
}

/** Failures before anything was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function kindOf(error: unknown): NoReply['kind'] {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (unsent.has(code)) return 'refused';
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? 'oversized' : 'broken';
}
