import type { Bridge, BridgeId, BridgeStatus } from './bridge.ts';

/** A bridge that is not set up: it has no handlers, and callers ignore its state `not_configured`. */
export function absentBridge(id: BridgeId, message: string): Bridge {
  const status: BridgeStatus = {
    state: 'not_configured',
    linked: false,
    connected: false,
    jid: null,
    lid: null,
    message,
  };
  return {
    id,
    handlers: {},
    status: () => status,
    connect: async () => {},
    waitFor: async () => status,
    close: async () => {},
  };
}
