import { describe, expect, it } from 'vitest';
import type { BridgeState } from '../../bridges/bridge.ts';
import { bridgeStates } from '../../src/domain/states.ts';
import { backendStatus } from '../../src/router/backend-status.ts';
import { createHealth } from '../../src/router/health.ts';
import { fakeBridge } from '../support/fakes/fake-bridge.ts';
import { historyProgress } from '../support/fakes/fake-services.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const working: readonly BridgeState[] = ['syncing', 'ready'];

function status(baileys: BridgeState, whatsmeow: BridgeState, healthy = true) {
  const bridges = { baileys: fakeBridge('baileys', baileys), whatsmeow: fakeBridge('whatsmeow', whatsmeow) };
  const states = createHealth(() => bridges, quietLog().log).states();
  return backendStatus(states, historyProgress({ syncing: true, messagesSynced: 3 }), { healthy });
}

describe('backend status', () => {
  it.each(Object.keys(bridgeStates) as BridgeState[])('classifies a single bridge in state %s', (state) => {
    const works = working.includes(state);
    expect(status(state, 'not_configured').overall_status).toBe(works ? 'healthy' : 'unhealthy');
    expect(status(state, 'not_configured').baileys_bridge.healthy).toBe(works);
  });

  it('is degraded while one of two configured bridges does not work', () => {
    expect(status('ready', 'down').overall_status).toBe('degraded');
    expect(status('logged_out', 'ready').overall_status).toBe('degraded');
    expect(status('ready', 'ready').overall_status).toBe('healthy');
    expect(status('down', 'down').overall_status).toBe('unhealthy');
  });

  it('is not healthy without a database, nor with no bridge at all', () => {
    expect(status('ready', 'not_configured', false).overall_status).toBe('degraded');
    expect(status('not_configured', 'not_configured').overall_status).toBe('unhealthy');
  });

  it('carries the fields that the contract prints', () => {
    const { go_bridge, baileys_bridge } = status('syncing', 'not_configured');
    expect(go_bridge).toMatchObject({ healthy: false, url: null, version: null, latency_ms: null, linked: false });
    expect(baileys_bridge).toMatchObject({ healthy: true, connected: true, syncing: true, messages_synced: 3 });
  });

  it('reports whether both linked devices belong to one account', () => {
    expect(status('ready', 'ready').same_account).toBe(true);
    expect(status('ready', 'unlinked').same_account).toBeNull();
    const bridges = { baileys: fakeBridge('baileys', 'ready'), whatsmeow: fakeBridge('whatsmeow', 'ready') };
    bridges.baileys.become('ready', { jid: '15550100001:7@s.whatsapp.net' });
    const health = createHealth(() => bridges, quietLog().log);
    const same = () => backendStatus(health.states(), historyProgress(), { healthy: true }).same_account;
    expect(same()).toBe(true);
    bridges.whatsmeow.become('ready', { jid: '15550100002@s.whatsapp.net' });
    expect(same()).toBe(false);
    const { overall_status } = backendStatus(health.states(), historyProgress(), { healthy: true });
    expect(overall_status).toBe('degraded');
  });
});
