import { type Bridge, type BridgeId, type BridgeState, type BridgeStatus, bridgeIds } from '../../bridges/bridge.ts';
import type { OperationName } from '../../bridges/operations/catalog.ts';
import { withinTime } from '../../bridges/within-time.ts';
import type { Logger } from '../log.ts';
import { assertSameAccount } from './account.ts';
import { type Bridges, type Route, routing } from './routing.ts';

/** For a bridge in a process of its own; null for the others. */
interface Remote {
  latency_ms: number | null;
  url: string | null;
  version: string | null;
}

/** The router's knowledge of every configured bridge; a bridge that was never set up is `not_configured`. */
export interface BridgeHealth {
  states(): Record<BridgeId, BridgeStatus & Remote>;
  /** Which bridge answers each operation, or one operation, and why; sends no request. */
  routing(operation?: OperationName): Route[];
  /** Asks bridges in processes of their own for their state and operations; connects nothing and never rejects. */
  probe(): Promise<void>;
  /** Probes, then rejects with `account_mismatch` while the bridges are linked to different accounts. */
  assertSameAccount(): Promise<void>;
  /** Connects the linked bridges and waits at most this long until each has settled (`syncing`, `ready` or a fault). */
  connectAll(timeoutMs: number): Promise<void>;
}

/** The same health, whose list of routes has these operations alone; one that is asked for by name is always answered. */
export function withRoutesOf(health: BridgeHealth, operations: ReadonlySet<OperationName>): BridgeHealth {
  const routing: BridgeHealth['routing'] = (operation) =>
    health.routing(operation).filter((route) => operation !== undefined || operations.has(route.operation));
  return { ...health, routing };
}

/** States in which waiting may still help: everything else is an answer. */
const settled = [
  'not_configured',
  'unlinked',
  'pairing',
  'syncing',
  'ready',
  'degraded',
  'replaced',
  'logged_out',
  'restricted',
  'outdated',
  'down',
] as const satisfies readonly BridgeState[];

/** Probes the bridges; a failed connection appears as a state, never as an error here. */
export function createHealth(bridges: () => Bridges, log: Pick<Logger, 'warn'>): BridgeHealth {
  async function connect(bridge: Bridge, timeoutMs: number): Promise<void> {
    const begun = bridge.connect().catch((error) => {
      log.warn({ bridge: bridge.id, err: error }, 'bridge did not connect');
    });
    if (timeoutMs <= 0) return;
    const deadline = Date.now() + timeoutMs;
    await withinTime(begun, timeoutMs);
    await bridge.waitFor(settled, Math.max(0, deadline - Date.now()));
  }

  async function probe(): Promise<void> {
    await Promise.all(Object.values(bridges()).map((bridge) => bridge.probe?.()));
  }

  return {
    probe,
    async assertSameAccount() {
      await probe();
      assertSameAccount(Object.values(bridges()).map((bridge) => bridge.status()));
    },
    states() {
      const entries = bridgeIds.map((id) => [id, withRemote(bridges()[id].status())]);
      return Object.fromEntries(entries) as ReturnType<BridgeHealth['states']>;
    },
    routing: (operation) => routing(bridges(), operation),
    async connectAll(timeoutMs) {
      await Promise.all(Object.values(bridges()).map((bridge) => connect(bridge, timeoutMs)));
    },
  };
}

function withRemote({ remote, ...status }: BridgeStatus) {
  return {
    ...status,
    latency_ms: remote?.latencyMs ?? null,
    url: remote?.url ?? null,
    version: remote?.version ?? null,
  };
}
