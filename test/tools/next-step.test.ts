import { describe, expect, it } from 'vitest';
import { type BridgeState, bridgeStates } from '../../src/domain/states.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { pairingStep, statusStep } from '../../src/tools/next-step.ts';

const states = Object.keys(bridgeStates) as BridgeState[];

function status(overall_status: string, baileys: BridgeState, go: BridgeState = 'not_configured') {
  return {
    overall_status,
    baileys_bridge: { state: baileys, message: 'owned by process 7', missing_settings: [] },
    go_bridge: { state: go, message: null },
  };
}

describe('the next step', () => {
  it.each(states)('of a pairing in state %s names only tools that exist', (state) => {
    const { next_step } = pairingStep({ state });
    const names = next_step.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
    const known = new Set([...catalog.map(({ name }) => name), 'expires_at']);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(next_step.length).toBeGreaterThan(20);
  });

  it('is not there when all is healthy', () => {
    expect(statusStep(status('healthy', 'ready'))).not.toHaveProperty('next_step');
  });

  it('is that of the bridge that needs one', () => {
    expect(statusStep(status('unhealthy', 'unlinked')).next_step).toContain('start_pairing');
    expect(statusStep(status('unhealthy', 'unlinked')).next_step).not.toContain('whatsmeow');
    const second = statusStep(status('degraded', 'ready', 'logged_out')).next_step;
    expect(second).toContain('start_pairing with bridge whatsmeow');
  });

  it('is the reason where the reason says most', () => {
    expect(statusStep(status('unhealthy', 'down')).next_step).toBe('owned by process 7');
  });

  it('is to unlink one when the bridges are linked to different accounts', () => {
    const { next_step } = statusStep({ ...status('degraded', 'ready', 'ready'), same_account: false });
    expect(next_step).toContain('logout_device');
  });

  it('points to the messages when only the database fails', () => {
    expect(statusStep(status('degraded', 'ready')).next_step).toContain('database.message');
  });
});
