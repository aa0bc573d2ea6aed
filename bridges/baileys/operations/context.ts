import type { EventSink } from '../../bridge.ts';
import { defaultLimits } from '../../operations/define.ts';
import type { Pairing } from '../connection/pairing.ts';
import { readySocket } from '../connection/ready-socket.ts';
import type { Session } from '../connection/session.ts';
import type { BinaryNode, Socket } from '../library/library.ts';
import { ask } from './query.ts';

/** What the handlers of operations work with. */
export interface OperationContext {
  session: Session;
  pairing: Pairing;
  sink: EventSink;
  /** Milliseconds since 1970. */
  now(): number;
  /** The open socket, after connecting if necessary; rejects with `bridge_unavailable`. */
  socket(): Promise<Socket>;
  /**
   * Sends a request about `what` to WhatsApp and resolves with the answer; rejects as `ask` of query.ts. An operation with
   * its own `answerTimeoutMs` gives it.
   */
  ask(request: BinaryNode, what: string, answerTimeoutMs?: number): Promise<BinaryNode>;
}

/** `queryMs` replaces the default timeout of an answer. */
export function createContext(
  parts: Pick<OperationContext, 'session' | 'pairing' | 'sink' | 'now'>,
  queryMs = defaultLimits.answerTimeoutMs,
): OperationContext {
  const socket = () => readySocket(parts.session);
  return {
    ...parts,
    socket,
    ask: async (request, what, answerTimeoutMs = queryMs) => ask(await socket(), request, what, answerTimeoutMs),
  };
}
