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
import { type Handlers, type OperationName, operations } from '../operations/catalog.ts';
import { type DaemonClient, type DaemonResponse, isTokenRefusal, TransportError } from './daemon-client.ts';
import { refusalOf } from './refusal.ts';

/** How long an operation may take, ms; the router asks somebody else after it, where there is somebody. */
const limits: Partial<Record<OperationName, number>> = {
  'connection.pair': 45_000,
  // One page at a time and not too often; the phone that is asked may have to wake up.
  'history.page': 45_000,
};
const defaultLimitMs = 20_000;

/** A connection that broke before an answer came may have been an old one. */
const retryOnce = retry(
  handleWhen((error) => error instanceof TransportError && (error.kind === 'refused' || error.kind === 'broken')),
  {
    maxAttempts: 1,
    backoff: new ConstantBackoff(25),
  },
);

export interface HandlerDeps {
  door(): DaemonClient;
  /** Something happened that the last look at wa-bridge did not know. */
  invalidateStatus(): void;
  /** This build cannot do it, whatever it announced. */
  onUnsupported(name: OperationName): void;
  /** Instead of `limits`; for those who cannot wait as long. */
  limitMs?: number | undefined;
}

/** What this bridge may be asked: it is on the route, or the caller names it. */
function isOurs(name: string): name is OperationName {
  if (!Object.hasOwn(operations, name)) return false;
  const { route } = operations[name as OperationName];
  return route === 'addressed' || route.some((bridge) => bridge === 'whatsmeow');
}

/** A handler for each announced name that it may be asked for; what else it can do is nothing to us. */
export function handlersFor(names: readonly string[], wire: HandlerDeps): Partial<Handlers> {
  const known = names.filter(isOurs);
  const entries = known.map((name) => [name, (input: unknown, signal?: AbortSignal) => ask(wire, name, input, signal)]);
  return Object.fromEntries(entries) as Partial<Handlers>;
}

async function ask(wire: HandlerDeps, name: OperationName, input: unknown, signal?: AbortSignal): Promise<unknown> {
  const isSafe = operations[name].repeat === 'safe';
  const limitMs = wire.limitMs ?? limits[name] ?? defaultLimitMs;
  const exchange = (within: AbortSignal) =>
    wire.door().request({ method: 'POST', path: `/v1/${name}`, body: input, signal: within, isOnce: !isSafe });
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
  // Linking and unlinking, and watching it, is where its state changes.
  if (operations[name].route === 'addressed') wire.invalidateStatus();
  return outputOf(reply, name, isSafe, wire);
}

/** What may have been carried out is never called a failure that somebody could repeat. */
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

function outputOf(reply: DaemonResponse, name: OperationName, isSafe: boolean, wire: HandlerDeps): unknown {
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
  const output = operations[name].output.safeParse(body);
  if (output.success) return output.data;
  // The path alone: what stands there may be other people's text.
  const where = output.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new AppError(
    isSafe ? 'bridge_unavailable' : 'outcome_unknown',
    `wa-bridge answered ${name} in a shape that this program does not know: ${where.slice(0, 200)}.`,
  );
}
