import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { createHealth } from '../../src/router/health.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

describe('bridge health', () => {
  it('shows the current status of every bridge', () => {
    const baileys = fakeBridge('baileys', 'connecting');
    const health = createHealth(() => fakeBridges(baileys), quietLog().log);
    baileys.become('ready');
    expect(health.states().baileys).toMatchObject({ state: 'ready', connected: true, url: null });
    expect(health.states().whatsmeow).toMatchObject({ state: 'not_configured', linked: false });
  });

  it('shows where a separate bridge listens, how fast it answers and its build', () => {
    const whatsmeow = fakeBridge('whatsmeow', 'ready');
    whatsmeow.become('ready', { remote: { url: 'http://127.0.0.1:8080', latencyMs: 0.7, version: '1.2' }, gaps: 2 });
    const health = createHealth(() => fakeBridges(fakeBridge('baileys', 'ready'), whatsmeow), quietLog().log);
    const { whatsmeow: shown, baileys } = health.states();
    expect(shown).toMatchObject({ url: 'http://127.0.0.1:8080', latency_ms: 0.7, version: '1.2', gaps: 2 });
    expect(baileys).toMatchObject({ url: null, latency_ms: null, version: null });
  });

  it('probes a separate bridge before it compares accounts', async () => {
    const whatsmeow = fakeBridge('whatsmeow', 'down');
    const asked = { ...whatsmeow, probe: async () => whatsmeow.become('ready', { jid: '15550100009@s.whatsapp.net' }) };
    const health = createHealth(() => fakeBridges(fakeBridge('baileys', 'ready'), asked), quietLog().log);
    await expect(health.assertSameAccount()).rejects.toMatchObject({ code: 'account_mismatch' });
    whatsmeow.become('ready');
    const alike = createHealth(() => fakeBridges(fakeBridge('baileys', 'ready'), whatsmeow), quietLog().log);
    await expect(alike.assertSameAccount()).resolves.toBeUndefined();
  });

  it('connects all bridges and returns as soon as each has settled', async () => {
    const baileys = fakeBridge('baileys', 'connecting');
    const connected = createHealth(() => fakeBridges(baileys), quietLog().log).connectAll(60_000);
    baileys.become('syncing');
    await connected;
    expect(baileys.asked).toEqual(['connect']);
  });

  it('does not wait for an unlinked bridge', async () => {
    const health = createHealth(() => fakeBridges(fakeBridge('baileys', 'unlinked')), quietLog().log);
    await health.connectAll(60_000);
    expect(health.states().baileys.state).toBe('unlinked');
  });

  it('gives up at the timeout, even on a bridge whose connect never returns', async () => {
    const baileys = fakeBridge('baileys', 'connecting');
    baileys.connect = () => new Promise(() => {});
    const begun = Date.now();
    await createHealth(() => fakeBridges(baileys), quietLog().log).connectAll(50);
    expect(Date.now() - begun).toBeLessThan(20_000);
  });

  it('starts connecting and does not wait with a timeout of zero', async () => {
    const baileys = fakeBridge('baileys', 'connecting');
    await createHealth(() => fakeBridges(baileys), quietLog().log).connectAll(0);
    expect(baileys.asked).toEqual(['connect']);
  });

  it('leaves a failed connection to the state of the bridge, and logs it', async () => {
    const baileys = fakeBridge('baileys', 'down');
    baileys.connect = async () => {
      throw new AppError('account_mismatch', 'The credentials are of a simulated account.');
    };
    const { log, lines } = quietLog();
    await createHealth(() => fakeBridges(baileys), log).connectAll(1000);
    expect(lines.join()).toContain('bridge did not connect');
  });
});
