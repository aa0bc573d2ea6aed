import type { BridgeState } from '../../../src/domain/states.ts';

interface Rule {
  /** What the code means, for a person. */
  reason: string;
  action: 'now' | 'backoff' | 'stop';
  /** The state for `stop`, and for `backoff` when its retries are used up. */
  state: BridgeState;
  /** First delay, ms; doubles at every retry up to `maxMs`. */
  baseMs?: number;
  maxMs?: number;
  tries?: number;
  /** The credentials are no longer valid. */
  forgetsDevice?: boolean;
}

const retry = { action: 'backoff', state: 'down', baseMs: 1_000, maxMs: 60_000 } as const;
const stop = { action: 'stop' } as const;

/** What to do when a connection ends, by its code. */
export const rules: Readonly<Record<number, Rule>> = {
  400: { ...stop, state: 'down', reason: 'The server could not prove to be WhatsApp.' },
  401: { ...stop, state: 'logged_out', forgetsDevice: true, reason: 'The phone removed this linked device.' },
  403: { ...stop, state: 'restricted', reason: 'WhatsApp restricted this account.' },
  405: { ...stop, state: 'outdated', reason: 'WhatsApp refuses this client version.' },
  408: { ...retry, reason: 'WhatsApp could not be reached.' },
  411: { ...stop, state: 'down', reason: 'This account does not accept linked devices.' },
  428: { ...retry, reason: 'The connection was closed.' },
  440: { ...stop, state: 'replaced', reason: 'Another program connected with the credentials of this linked device.' },
  500: { ...retry, tries: 3, reason: 'WhatsApp ended the connection with an error.' },
  503: { ...retry, baseMs: 10_000, maxMs: 300_000, reason: 'WhatsApp is not available at the moment.' },
  515: { action: 'now', state: 'connecting', reason: 'WhatsApp asked for a new connection.' },
};

/** The websocket upgrade was answered with a plain HTTP status. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  readonly status: number;

  constructor(status: number) {
    super(`The connection was refused with HTTP status ${status}.`);
    this.status = status;
  }
}

/**
 * The code with which WhatsApp ended a connection. A status from a proxy or captive portal does not count: it does not
 * mean that the device was removed or the account restricted.
 */
export function codeOf(error: unknown): number | undefined {
  if (error instanceof UpgradeRefused) return error.status >= 500 || error.status === 429 ? 503 : 408;
  const { message = '', output } = (error ?? {}) as { message?: string; output?: { statusCode?: number } };
  return message.startsWith('WebSocket Error') ? 408 : output?.statusCode;
}

export type Decision =
  | { action: 'reconnect'; delayMs: number; reason: string }
  | { action: 'stop'; state: BridgeState; forget: boolean; reason: string };

/**
 * What to do after a connection ended with `code` (undefined: without one) for the `attempt`th time in a row (from 1);
 * the last `same` attempts ended with this code. `random` is 0–1: it spreads delays over the upper half of the
 * interval, so that many clients do not reconnect at once.
 */
export function decide(code: number | undefined, attempt: number, random: number, same = attempt): Decision {
  const rule = rules[code ?? 500] ?? rules[500]!;
  const { reason } = rule;
  if (rule.action === 'now' && same <= 5) return { action: 'reconnect', delayMs: 0, reason };
  if (rule.action === 'stop' || same > (rule.tries ?? Number.POSITIVE_INFINITY)) {
    return { action: 'stop', state: rule.state, forget: rule.forgetsDevice ?? false, reason };
  }
  const limit = Math.min((rule.baseMs ?? retry.baseMs) * 2 ** (attempt - 1), rule.maxMs ?? retry.maxMs);
  return { action: 'reconnect', delayMs: Math.round(limit * (0.5 + random / 2)), reason };
}
