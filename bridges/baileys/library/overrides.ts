import { Agent } from 'node:https';
import { connect } from 'node:net';
import type { SimulatorDocument } from '../../../src/config.ts';
import { AppError } from '../../../src/domain/errors.ts';
import type { Library } from './library.ts';

interface Dispatcher {
  dispatch(options: { origin?: string | URL }, handler: unknown): boolean;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function assertLoopback(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && loopback.has(url.hostname)) return url;
  throw new AppError('not_permitted', 'A simulated WhatsApp is only ever used on this machine (127.0.0.1).');
}

/** Changes the target or timeouts of Node's fetch, which calls `dispatch` on the given object. */
function dispatcher(change: { origin?: string; headersTimeout?: number; bodyTimeout?: number }): Dispatcher {
  const globalName = Symbol.for('undici.globalDispatcher.1'); // Node creates it at the first fetch, so read it late
  return {
    dispatch: (options, handler) => {
      const real = (globalThis as unknown as Record<symbol, Dispatcher>)[globalName];
      if (!real) throw new Error('fetch has no dispatcher');
      return real.dispatch({ ...options, ...change }, handler);
    },
  };
}

/** Uploads go through Node's https module: the same requests, in plain text, to the simulator. */
class SimulatorAgent extends Agent {
  readonly #port: number;
  constructor(port: number) {
    super();
    this.#port = port;
  }
  override createConnection() {
    return connect(this.#port, '127.0.0.1');
  }
}

const through = (one: Dispatcher) => ({ dispatcher: one }) as unknown as RequestInit;

/** Options of fetch for our own downloads, which time out after this long (ms) without a byte. */
export function downloadOptions(document: SimulatorDocument | null, idleMs: number): RequestInit {
  const limits = { headersTimeout: idleMs, bodyTimeout: idleMs };
  return through(dispatcher(document ? { ...limits, origin: assertLoopback(document.media_origin).origin } : limits));
}

/** The endpoints for makeWASocket; the only place that handles a simulated WhatsApp. */
export function connectionOverrides(library: Library, document: SimulatorDocument | null) {
  if (!document) return {};
  const socket = assertLoopback(document.socket_url);
  const media = assertLoopback(document.media_origin);
  library.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(document.noise_root, 'hex'); // applies to the whole process, so one process never uses both
  return {
    waWebSocketUrl: socket.href,
    options: through(dispatcher({ origin: media.origin })),
    fetchAgent: new SimulatorAgent(Number(media.port)) as Agent,
  };
}
