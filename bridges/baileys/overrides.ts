import { Agent } from 'node:https';
import { connect } from 'node:net';
import type { SimulatorDocument } from '../../src/config.ts';
import { AppError } from '../../src/domain/errors.ts';
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

/** Sends every HTTP request of the library to the simulator; Node's fetch calls `dispatch` of what it is given. */
function dispatcherTo(origin: string): Dispatcher {
  const globalName = Symbol.for('undici.globalDispatcher.1'); // exists from Node's first fetch on, so read late
  return {
    dispatch: (options, handler) => {
      const real = (globalThis as unknown as Record<symbol, Dispatcher>)[globalName];
      if (!real) throw new Error('fetch has no dispatcher');
      return real.dispatch({ ...options, origin }, handler);
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

/** Where to connect, as options of makeWASocket; the one place that knows of a simulated WhatsApp. */
export function connectionOverrides(library: Library, document: SimulatorDocument | null) {
  if (!document) return {};
  const socket = assertLoopback(document.socket_url);
  const media = assertLoopback(document.media_origin);
  library.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(document.noise_root, 'hex'); // whole process: never mixed with real
  return {
    waWebSocketUrl: socket.href,
    options: { dispatcher: dispatcherTo(media.origin) } as unknown as RequestInit,
    fetchAgent: new SimulatorAgent(Number(media.port)) as Agent,
  };
}
