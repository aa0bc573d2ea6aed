import type { Bridge, BridgeId, BridgeStatus } from './bridge.ts';

/** A bridge that was never set up: it has no handlers, and its state `not_configured` does not count anywhere. */
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
