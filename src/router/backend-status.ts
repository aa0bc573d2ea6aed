import type { BridgeId, BridgeStatus } from '../../bridges/bridge.ts';
import type { HistoryProgress } from '../domain/history.ts';
import { sameAccount } from './account.ts';
import type { BridgeHealth } from './health.ts';

type States = ReturnType<BridgeHealth['states']>;
export const overallStatuses = ['healthy', 'degraded', 'unhealthy'] as const;

const works = ({ state }: Pick<BridgeStatus, 'state'>): boolean => state === 'syncing' || state === 'ready';

/**
 * Healthy: every configured bridge and the database are healthy, a phone is linked, and all belong to one account.
 * Degraded: some bridge still works.
 */
function overall(
  states: States,
  databaseHealthy: boolean,
  same_account: boolean | null,
): (typeof overallStatuses)[number] {
  const configured = Object.values(states).filter(({ state }) => state !== 'not_configured');
  const working = configured.filter(works);
  const linked = configured.some((bridge) => bridge.linked);
  if (databaseHealthy && linked && same_account !== false && working.length === configured.length) return 'healthy';
  return working.length > 0 ? 'degraded' : 'unhealthy';
}

function shown(states: States, id: BridgeId) {
  const { lid: _lid, missingSettings: _missing, ...bridge } = states[id];
  return { healthy: works(bridge), ...bridge };
}

/** The health of all parts in the shape of backend_status. */
export function backendStatus<D extends { healthy: boolean }>(states: States, history: HistoryProgress, database: D) {
  const {
    latency_ms: _latency,
    url: _url,
    version: _version,
    owner = null,
    gaps = 0,
    ...baileys
  } = shown(states, 'baileys');
  const { owner: _owner, gaps: goGaps = 0, ...goBridge } = shown(states, 'whatsmeow');
  const same_account = sameAccount(Object.values(states));
  const missing = states.baileys.missingSettings ?? [];
  return {
    overall_status: overall(states, database.healthy, same_account),
    go_bridge: { ...goBridge, known_gaps: goGaps },
    baileys_bridge: {
      ...baileys,
      syncing: history.syncing,
      messages_synced: history.messagesSynced,
      progress_percent: history.progressPercent,
      known_gaps: gaps,
      missing_settings: missing.map(({ since, ...lack }) => ({ ...lack, since: new Date(since).toISOString() })),
      owner,
    },
    database,
    same_account,
  };
}
