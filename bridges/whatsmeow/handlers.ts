import {
  BrokenCircuitError,
  ConstantBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
} from 'cockatiel';
import { AppError } from '../../src/domain/errors.ts';
import { type OperationName, operations, type UnparsedHandlers } from '../operations/catalog.ts';
import { type DaemonClient, type DaemonResponse, isTokenRefusal, TransportError } from './daemon-client.ts';
import { refusalOf } from './refusal.ts';

/** Retries when a connection breaks before an answer: it may have been a stale one. */
const retryOnce = retry(
  handleWhen((error) => error instanceof TransportError && (error.kind === 'refused' || error.kind === 'broken')),
  {
    maxAttempts: 1,
    backoff: new ConstantBackoff(25),
  },
);

export interface HandlerDeps {
  daemon(): DaemonClient;
  /** Invalidates the cached status. */
  invalidateStatus(): void;
  /** Called when this build lacks an operation that it announced. */
  onUnsupported(name: OperationName): void;
  /** Overrides the timeout of the operation, for callers with less time. */
  limitMs?: number | undefined;
}

/** Whether this bridge may be asked: the route includes it, or the caller names it. */
function isOurs(name: string): name is OperationName {
  if (!Object.hasOwn(operations, name)) return false;
  const { route } = operations[name as OperationName];
  return route === 'addressed' || route.some((bridge) => bridge === 'whatsmeow');
}

/** A handler for each announced operation of ours; ignores other names. */
export function handlersFor(names: readonly string[], wire: HandlerDeps): Partial<UnparsedHandlers> {
  const known = names.filter(isOurs);
  const entries = known.map((name) => [name, (input: unknown, signal?: AbortSignal) => ask(wire, name, input, signal)]);
  return Object.fromEntries(entries) as Partial<UnparsedHandlers>;
}

async function ask(wire: HandlerDeps, name: OperationName, input: unknown, signal?: AbortSignal): Promise<unknown> {
  const { repeat, timeoutMs } = operations[name];
  const isSafe = repeat === 'safe';
  const limitMs = wire.limitMs ?? timeoutMs;
  const exchange = (within: AbortSignal) =>
    wire.daemon().request({ method: 'POST', path: `/v1/${name}`, body: input, signal: within, isOnce: !isSafe });
  let reply: DaemonResponse;
  try {
    reply = await timeout(limitMs, TimeoutStrategy.Aggressive).execute(
      (_context, within) => (isSafe ? retryOnce.execute(() => exchange(within), within) : exchange(within)),
      signal,
    );
  } catch (error) {
    if (signal?.aborted) throw new AppError('cancelled', `${name} was cancelled`, { cause: error });
    wire.invalidateStatus();
    throw failureOf(error, name, isSafe, limitMs);
  }
  // Pairing and logout change the state.
  if (operations[name].route === 'addressed') wire.invalidateStatus();
  return bodyOf(reply, name, isSafe, wire);
}

/** An operation that may have taken effect never becomes a retryable error. */
function failureOf(error: unknown, name: OperationName, isSafe: boolean, limitMs: number): unknown {
  const options = { cause: error };
  if (error instanceof BrokenCircuitError) {
    return new AppError(
      'bridge_unavailable',
      'wa-bridge failed several times; it is asked again in a moment.',
      options,
    );
  }
  if (error instanceof TransportError && error.isUnsent) {
    const what = error.kind === 'refused' ? 'does not run any more' : 'has not proven itself on a new connection';
    return new AppError('bridge_unavailable', `wa-bridge ${what}; it was asked nothing.`, options);
  }
  const isSilent = error instanceof TaskCancelledError;
  if (!isSilent && !(error instanceof TransportError)) return error;
  const what = isSilent ? `did not answer ${name} within ${limitMs / 1000} s` : `gave no whole answer to ${name}`;
  if (!isSafe) return new AppError('outcome_unknown', `wa-bridge ${what}; it may have been carried out.`, options);
  return new AppError(isSilent ? 'upstream_unanswered' : 'bridge_unavailable', `wa-bridge ${what}.`, options);
}

function bodyOf(reply: DaemonResponse, name: OperationName, isSafe: boolean, wire: HandlerDeps): unknown {
  const { status, body, problem } = reply;
  if (isTokenRefusal(reply) || (problem && status === 421)) {
    wire.invalidateStatus();
    throw new AppError('bridge_unavailable', 'wa-bridge does not take the token of this data directory.');
  }
  if (problem?.code === 'not_supported') wire.onUnsupported(name);
  if (problem?.code === 'bridge_unavailable') wire.invalidateStatus();
  if (problem) throw refusalOf(problem, name);
  if (status < 200 || status > 299 || body === undefined) {
    wire.invalidateStatus();
    throw new AppError(
      isSafe || (status >= 300 && status < 500) ? 'bridge_unavailable' : 'outcome_unknown',
      `What answers in place of wa-bridge knows nothing of ${name} (HTTP ${status}).`,
    );
  }
  return body;
}
