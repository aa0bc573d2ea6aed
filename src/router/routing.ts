import type { Bridge, BridgeId, BridgeState } from '../../bridges/bridge.ts';
import { type OperationName, operations } from '../../bridges/operations/catalog.ts';

export type Bridges = Record<BridgeId, Bridge>;

/** Which bridge answers an operation. */
export interface Route {
  operation: OperationName;
  summary: string;
  /** The bridges in the order of the router; for `addressed` operations, those that a caller may name. */
  route: readonly BridgeId[];
  addressed: boolean;
  /** The bridge that would answer now; null when there is none, or when the caller must name one. */
  served_by: BridgeId | null;
  bridges: { bridge: BridgeId; can_serve: boolean; reason: string }[];
}

/** Why a bridge in this state cannot answer; undefined for states in which it can. */
const obstacles: Partial<Record<BridgeState, string>> = {
  not_configured: 'is not set up',
  unlinked: 'has no phone linked',
  pairing: 'is being linked',
  replaced: 'was replaced by another program',
  logged_out: 'was removed by the phone',
  restricted: 'is restricted by WhatsApp',
  outdated: 'is too old for WhatsApp',
  down: 'is not connected',
};

/** For every operation, or one: the route and the bridge that would answer now, without sending a request. */
export function routing(bridges: Bridges, only?: OperationName): Route[] {
  const names = only === undefined ? (Object.keys(operations) as OperationName[]).sort() : [only];
  return names.map((name) => routeOf(name, bridges));
}

function routeOf(name: OperationName, bridges: Bridges): Route {
  const { route: declared, summary } = operations[name];
  const addressed = declared === 'addressed';
  const route = declared === 'addressed' ? (Object.keys(bridges) as BridgeId[]) : declared;
  const views = route.map((id) => ({ bridge: id, ...bridgeView(bridges[id], name, addressed) }));
  const first = views.find(({ can_serve }) => can_serve);
  return {
    operation: name,
    summary,
    route,
    addressed,
    served_by: addressed ? null : (first?.bridge ?? null),
    bridges: views,
  };
}

function bridgeView(bridge: Bridge, name: OperationName, addressed: boolean): { can_serve: boolean; reason: string } {
  const { state } = bridge.status();
  if (!bridge.handlers[name]) {
    // The operations of a bridge are unknown until it has answered once.
    const silence = Object.keys(bridge.handlers).length === 0 ? obstacles[state] : undefined;
    return { can_serve: false, reason: silence ? `${state}: ${silence}` : 'cannot do this' };
  }
  // Linking is for bridges that are not linked, so their state is no obstacle.
  const obstacle = addressed ? undefined : obstacles[state];
  if (obstacle) return { can_serve: false, reason: `${state}: ${obstacle}` };
  return { can_serve: true, reason: addressed ? 'when the caller names it' : `${state}: answers` };
}
