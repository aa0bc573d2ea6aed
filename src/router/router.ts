import type { Bridge, BridgeId, BridgeState } from '../../bridges/bridge.ts';
import {
  type OperationInput,
  type OperationName,
  type OperationOutput,
  operations,
  type UnparsedHandlers,
} from '../../bridges/operations/catalog.ts';
import type { Operation } from '../../bridges/operations/define.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Logger } from '../log.ts';
import { assertSameAccount } from './account.ts';
import { parseReply } from './reply.ts';
import type { Bridges } from './routing.ts';

export interface CallOptions {
  /** For operations with route `addressed`: the bridge to ask. */
  bridge?: BridgeId;
  signal?: AbortSignal;
}

/** `age_seconds`: the age of a cached answer; absent where every call is sent. */
export type Served<T> = T & { served_by: BridgeId; age_seconds?: number };

/** Asks the bridges of an operation's route in order until one answers; rejects with AppError. */
export type Call = <K extends OperationName>(
  name: K,
  input: OperationInput<K>,
  options?: CallOptions,
) => Promise<Served<OperationOutput<K>>>;

type Attempt = { bridge: BridgeId; state: BridgeState; error: AppError };

/** A bridge without credentials cannot have acted, so the next one may be asked for any operation. */
const unlinkedStates: readonly BridgeState[] = ['unlinked', 'pairing', 'logged_out'];

export function createRouter(bridges: () => Bridges, log: Pick<Logger, 'info'>): Call {
  return async (name, input, { bridge: address, signal } = {}) => {
    const route = routeOf(name, address);
    const all = await prepared(bridges(), address);
    const attempts: Attempt[] = [];
    for (const id of route) {
      const bridge = all[id];
      try {
        const answer = await ask(bridge, name, input, address !== undefined, signal);
        const rest = route.slice(route.indexOf(id) + 1).map((next) => all[next]);
        return { ...(await completeFromNextBridge(name, input, answer, rest, signal)), served_by: id };
      } catch (error) {
        if (signal?.aborted) throw new AppError('cancelled', `${name} was cancelled`, { cause: error });
        if (!(error instanceof AppError) || !canFailOver(error.code, name, bridge)) throw error;
        attempts.push({ bridge: id, state: bridge.status().state, error });
        log.info({ operation: name, bridge: id, error_code: error.code }, 'passed over a bridge');
      }
    }
    throw noBridgeAnswered(name, attempts);
  };
}

/**
 * Adds fields that the first bridge left out, where another connected bridge has them; a failure of that bridge changes
 * nothing.
 */
async function completeFromNextBridge<K extends OperationName>(
  name: K,
  input: OperationInput<K>,
  answer: OperationOutput<K>,
  rest: readonly Bridge[],
  signal?: AbortSignal,
): Promise<OperationOutput<K>> {
  const { isIncomplete } = operations[name] as Operation;
  const next = rest.find((bridge) => bridge.handlers[name] && bridge.status().connected);
  if (!next || isIncomplete?.(answer) !== true) return answer;
  const more = await ask(next, name, input, false, signal).catch(() => undefined);
  return { ...more, ...answer };
}

/**
 * Probes each bridge that the call may need, once: what follows reads the status and the operations learned here. An
 * addressed operation needs its bridge alone, and may resolve a mismatch of the accounts, so it is not checked for one.
 */
async function prepared(bridges: Bridges, address: BridgeId | undefined): Promise<Bridges> {
  const needed = address === undefined ? Object.values(bridges) : [bridges[address]];
  await Promise.all(needed.map((bridge) => bridge.probe?.()));
  if (address === undefined) assertSameAccount(needed.map((bridge) => bridge.status()));
  return bridges;
}

function routeOf(name: OperationName, address: BridgeId | undefined): readonly BridgeId[] {
  const { route } = operations[name];
  if (route !== 'addressed') return route;
  if (!address) throw new AppError('internal', `${name} needs the bridge it is meant for`);
  return [address];
}

async function ask<K extends OperationName>(
  bridge: Bridge,
  name: K,
  input: OperationInput<K>,
  addressed: boolean,
  signal?: AbortSignal,
): Promise<OperationOutput<K>> {
  const handler = bridge.handlers[name] as UnparsedHandlers[K] | undefined;
  if (!handler) throw unsupportedError(bridge, name);
  signal?.throwIfAborted();
  if (!addressed) {
    if (!bridge.probe) await bridge.connect();
    if (unlinkedStates.includes(bridge.status().state)) {
      throw new AppError('not_linked', `No phone is linked to the ${bridge.id} bridge`);
    }
  }
  return parseReply(bridge, name, await handler(input, signal));
}

/** An unreachable bridge cannot report its operations; a reachable one has reported them. */
function unsupportedError(bridge: Bridge, name: OperationName): AppError {
  const { state, message } = bridge.status();
  if (state === 'not_configured') {
    return new AppError(
      'not_supported',
      `The ${bridge.id} bridge cannot do ${name}: ${message ?? 'it is not set up.'}`,
    );
  }
  const isAway = state === 'down' && bridge.probe !== undefined && Object.keys(bridge.handlers).length === 0;
  if (isAway) return new AppError('bridge_unavailable', message ?? `The ${bridge.id} bridge does not answer`);
  return new AppError('not_supported', `The ${bridge.id} bridge cannot do ${name}`);
}

/** A send is sent at most once: after an unknown outcome, only operations that are safe to repeat fail over. */
function canFailOver(code: ErrorCode, name: OperationName, bridge: Bridge): boolean {
  if (code === 'not_supported') return bridge.handlers[name] === undefined;
  if (code === 'bridge_unavailable') return true;
  if (code === 'not_linked') return unlinkedStates.includes(bridge.status().state);
  return operations[name].repeat === 'safe' && (code === 'upstream_unanswered' || code === 'outcome_unknown');
}

/** The most informative of several errors: WhatsApp's answer before a missing connection before a missing phone. */
const errorPriority: readonly ErrorCode[] = [
  'outcome_unknown',
  'upstream_unanswered',
  'bridge_unavailable',
  'not_linked',
];

function noBridgeAnswered(name: OperationName, passed: readonly Attempt[]): AppError {
  const reason = errorPriority.map((code) => passed.find(({ error }) => error.code === code)).find((found) => found);
  const passed_over = passed.map(({ bridge, state, error }) => ({ bridge, state, error_code: error.code }));
  if (reason) {
    const { code, message, details } = reason.error;
    return new AppError(code, message, { cause: reason.error, details: { ...details, passed_over } });
  }
  const who = passed.map(({ bridge, state }) => `${bridge}: ${state}`).join(', ');
  return new AppError('not_supported', `No bridge can do ${name} (${who})`, { details: { passed_over } });
}
