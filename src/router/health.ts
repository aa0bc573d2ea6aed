import type { BridgeId, BridgeStatus } from '../../bridges/bridge.ts';

/** What the router knows of every configured bridge; a bridge that was never set up is `not_configured`. */
export interface BridgeHealth {
  states(): Record<BridgeId, BridgeStatus & { latency_ms: number | null; url: string | null }>;
  /** Connects the linked bridges and waits until each is `syncing` or `ready`, at most this long. */
  connectAll(timeoutMs: number): Promise<void>;
  /** For one operation: who is asked in order, who would answer now, and why. */
  routing(
    operation?: string,
  ): { operation: string; route: readonly string[]; serves: BridgeId | null; reason: string }[];
}
