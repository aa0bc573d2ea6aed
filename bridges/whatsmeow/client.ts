import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../../src/config.ts';
import { AppError } from '../../src/domain/errors.ts';
import type { Bridge, BridgeLog, BridgeState, BridgeStatus } from '../bridge.ts';
import type { OperationName, UnparsedHandlers } from '../operations/catalog.ts';
import { DaemonClient } from './daemon-client.ts';
import { type Endpoint, endpointError, resolveEndpoint } from './endpoint.ts';
import { handlersFor } from './handlers.ts';
import { type ProbeResult, probe, unavailable } from './probe.ts';
import { readToken } from './token.ts';

export interface WhatsmeowDeps {
  config: Config;
  log: BridgeLog;
  /** The schema version of messages.db that this program knows. */
  knownSchema: number;
  timing?: Timing;
}

/** Time limits in ms, for callers with less time than the defaults. */
export interface Timing {
  operation?: number;
  /** Timeout for requests that wa-bridge answers without WhatsApp. */
  answer?: number;
  /** How long the breaker stays open after several failures. */
  breakerCooldownMs?: number;
}

/** How long a probe stays fresh, ms: calls in quick succession share one. */
const freshMs = 1000;
const pollMs = 150;

/**
 * The client of wa-bridge. It probes the daemon only when a call needs it; no timer runs here. Its handlers are the
 * operations from the last probe.
 */
export function createWhatsmeowBridge(deps: WhatsmeowDeps): Bridge {
  const client = new WhatsmeowClient(deps);
  return {
    id: 'whatsmeow',
    get handlers() {
      return client.handlers;
    },
    status: () => client.status(),
    probe: () => client.probe(),
    connect: () => client.probe(),
    waitFor: (states, timeoutMs) => client.waitFor(states, timeoutMs),
    close: () => client.close(),
  };
}

class WhatsmeowClient {
  handlers: Partial<UnparsedHandlers> = {};
  readonly #deps: WhatsmeowDeps;
  readonly #end = new AbortController();
  #daemon: { client: DaemonClient; key: string } | undefined;
  #lastProbe: { result: ProbeResult; at: number } | undefined;
  #announced = '';
  #invalidations = 0;
  #running: Promise<void> | undefined;

  constructor(deps: WhatsmeowDeps) {
    this.#deps = deps;
  }

  status(): BridgeStatus {
    if (this.#lastProbe) return this.#lastProbe.result.status;
    const place = resolveEndpoint(this.#deps.config);
    const reason = unavailableAt(place, this.#deps.config);
    if (reason) return reason.status;
    return unavailable('Not asked yet; the next call that needs it does.', place.url).status;
  }

  /** Concurrent callers share one probe. */
  probe(): Promise<void> {
    const isFresh = this.#lastProbe !== undefined && performance.now() - this.#lastProbe.at < freshMs;
    if (isFresh || this.#end.signal.aborted) return Promise.resolve();
    this.#running ??= this.#runProbe().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async waitFor(states: readonly BridgeState[], timeoutMs: number): Promise<BridgeStatus> {
    const deadline = performance.now() + timeoutMs;
    await this.probe();
    while (!states.includes(this.status().state) && performance.now() < deadline && !this.#end.signal.aborted) {
      await pause(Math.min(pollMs, Math.max(1, deadline - performance.now())), undefined, {
        signal: this.#end.signal,
      }).catch(() => {});
      this.#invalidate();
      await this.probe();
    }
    return this.status();
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#daemon?.client.close();
  }

  async #runProbe(): Promise<void> {
    const before = this.#invalidations;
    const result = await this.#probeDaemon();
    // A status from before an invalidation is stale.
    this.#lastProbe = { result, at: before === this.#invalidations ? performance.now() : Number.NEGATIVE_INFINITY };
    this.#setHandlers(result);
  }

  async #probeDaemon(): Promise<ProbeResult> {
    const { config, knownSchema, timing } = this.#deps;
    const place = resolveEndpoint(config);
    const reason = unavailableAt(place, config);
    if (reason) return reason;
    return probe(this.#daemonAt(place), { place, knownSchema, answerMs: timing?.answer });
  }

  #setHandlers({ status, operations }: ProbeResult): void {
    // Keeps the operations of a daemon that is down, so that their callers learn that it is down.
    if (status.state === 'down' && operations.length === 0) return;
    const announced = operations.join();
    if (announced === this.#announced && Object.keys(this.handlers).length > 0) return;
    this.#announced = announced;
    this.handlers = handlersFor(operations, {
      daemon: () => this.#daemonAt(resolveEndpoint(this.#deps.config)),
      invalidateStatus: () => this.#invalidate(),
      onUnsupported: (name) => this.#forget(name),
      limitMs: this.#deps.timing?.operation,
    });
    this.#deps.log.debug({ operations: Object.keys(this.handlers).length }, 'wa-bridge announced its operations');
  }

  /** A restarted daemon gets new connections and a new breaker. */
  #daemonAt({ url, pid, tokenFile }: Endpoint): DaemonClient {
    if (this.#end.signal.aborted) throw new AppError('bridge_unavailable', 'This program is ending.');
    const key = [url, pid, tokenFile].join('\n');
    if (this.#daemon?.key !== key) {
      void this.#daemon?.client.close();
      this.#daemon = { client: new DaemonClient(url, tokenFile, this.#deps.timing?.breakerCooldownMs), key };
    }
    return this.#daemon.client;
  }

  #invalidate(): void {
    this.#invalidations += 1;
    if (this.#lastProbe) this.#lastProbe.at = Number.NEGATIVE_INFINITY;
  }

  #forget(name: OperationName): void {
    const { [name]: _gone, ...rest } = this.handlers;
    this.handlers = rest;
    this.#announced = '';
    this.#invalidate();
  }
}

/** Why the daemon must not be asked; undefined when it may. */
function unavailableAt(place: Endpoint, config: Config): ProbeResult | undefined {
  const objection = endpointError(place, config);
  if (objection !== undefined) return unavailable(objection, place.url);
  const token = readToken(place.tokenFile);
  if (token === 'absent') return absent(missing(place, config));
  if (!('refusal' in token)) return undefined;
  return unavailable(`The token file of wa-bridge ${token.refusal}: ${place.tokenFile}.`, place.url);
}

/** Without a token the answering program is not our wa-bridge: the bridge counts as not configured. */
function absent(message: string): ProbeResult {
  const status: BridgeStatus = {
    state: 'not_configured',
    linked: false,
    connected: false,
    jid: null,
    lid: null,
    message,
  };
  return { status, operations: [] };
}

const start = '`whatsapp-hybrid-mcp bridge run`';

function missing({ from, pid, tokenFile }: Endpoint, { bridge, bridgeUrl }: Config): string {
  if (from === 'program') {
    return `wa-bridge runs (process ${pid}), and its token is not in ${tokenFile}. Set WHATSAPP_BRIDGE_TOKEN_FILE to the file that it was started with.`;
  }
  if (bridge !== 'whatsmeow' && bridgeUrl === null) {
    return `wa-bridge is not set up; ${start} starts it. Baileys answers without it.`;
  }
  return `No wa-bridge was started for this data directory yet: there is no token in ${tokenFile}. ${start} starts one, which makes it; for one with another data directory set WHATSAPP_BRIDGE_TOKEN_FILE.`;
}
