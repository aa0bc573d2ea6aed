import type { Bridge, BridgeId, BridgeState, BridgeStatus } from '../../../bridges/bridge.ts';
import type { Handlers, OperationName } from '../../../bridges/operations/catalog.ts';
import type { Bridges } from '../../../src/router/routing.ts';

export interface FakeBridge extends Bridge {
  /** The operations called, in order. */
  readonly asked: (OperationName | 'connect')[];
  become(state: BridgeState, changes?: Partial<BridgeStatus>): void;
}

const linkedStates: readonly BridgeState[] = ['connecting', 'syncing', 'ready', 'degraded', 'replaced', 'down'];

/** A bridge in a given state with scripted answers. */
export function fakeBridge(id: BridgeId, state: BridgeState, handlers: Partial<Handlers> = {}): FakeBridge {
  const asked: FakeBridge['asked'] = [];
  const waiting = new Set<() => void>();
  let status: BridgeStatus = statusIn(state);

  return {
    id,
    asked,
    handlers: recorded(handlers, asked),
    status: () => status,
    connect: async () => void asked.push('connect'),
    async waitFor(states, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while (!states.includes(status.state) && Date.now() < deadline) await change(waiting, deadline - Date.now());
      return status;
    },
    close: async () => {},
    become(next, changes = {}) {
      status = { ...statusIn(next), ...changes };
      for (const wake of [...waiting]) wake();
    },
  };
}

function statusIn(state: BridgeState): BridgeStatus {
  const linked = linkedStates.includes(state);
  return {
    state,
    linked,
    connected: state === 'syncing' || state === 'ready',
    jid: linked ? '15550100001@s.whatsapp.net' : null,
    lid: null,
    message: null,
  };
}

function change(waiting: Set<() => void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      waiting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, timeoutMs);
    waiting.add(wake);
  });
}

function recorded(handlers: Partial<Handlers>, asked: FakeBridge['asked']): Partial<Handlers> {
  const entries = Object.entries(handlers).map(([name, handler]) => [
    name,
    (...args: unknown[]) => {
      asked.push(name as OperationName);
      return (handler as (...all: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(entries);
}

export function fakeBridges(
  baileys: FakeBridge,
  whatsmeow: Bridge = fakeBridge('whatsmeow', 'not_configured'),
): Bridges {
  return { baileys, whatsmeow };
}
