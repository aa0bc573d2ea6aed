import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BridgeState, BridgeStatus } from '../../../bridges/bridge.ts';
import { DoctorSite, healthyBridge } from '../../support/e2e/doctor-site.ts';
import { testConfig } from '../../support/fakes/config.ts';

let site: DoctorSite;
beforeEach(() => {
  site = new DoctorSite();
});
afterEach(() => site.close());

/** The status of wa-bridge. */
const wa = (state: BridgeState, message: string | null = null): BridgeStatus => ({
  state,
  linked: state === 'ready',
  connected: state === 'ready',
  jid: null,
  lid: null,
  message,
  remote: { url: 'http://127.0.0.1:8080', latencyMs: 1, version: null },
});

test.each([
  ['not_configured', 'ok', 'Not set up', undefined],
  ['ready', 'ok', 'ready on http://127.0.0.1:8080.', undefined],
  ['unlinked', 'warn', 'no phone is linked', 'login --bridge whatsmeow'],
  ['degraded', 'warn', 'degraded: It is slow.', 'the log of wa-bridge'],
  ['logged_out', 'fail', 'logged_out: It is slow.', 'login --bridge whatsmeow'],
  ['replaced', 'fail', 'replaced', 'other program'],
  ['restricted', 'fail', 'restricted', 'on the phone'],
  ['outdated', 'fail', 'outdated', 'Update'],
] as const)('a wa-bridge in state %s: %s', async (state, verdict, message, fix) => {
  const found = await site.finding('wa-bridge', { waBridge: async () => wa(state, 'It is slow.') });
  expect(found).toMatchObject({ verdict, message: expect.stringContaining(message) });
  expect(found?.fix ?? '').toContain(fix ?? '');
});

test('a wa-bridge that cannot be used: what is wrong, and apart from it what helps', async () => {
  const message = 'The wa-bridge on http://127.0.0.1:8080 does not take the token. Start one here. Or set a file.';
  const found = await site.finding('wa-bridge', { waBridge: async () => wa('down', message) });
  expect(found).toEqual({
    name: 'wa-bridge',
    verdict: 'fail',
    message: 'The wa-bridge on http://127.0.0.1:8080 does not take the token.',
    fix: 'Start one here. Or set a file.',
  });
});

test('a wa-bridge that a setting names and that was never started: what is missing, and what helps', async () => {
  const config = { ...testConfig(site.folder), bridgeUrl: 'http://127.0.0.1:8080' };
  const waBridge = async () => wa('not_configured', 'There is no token in x. Start one.');
  const found = await site.finding('wa-bridge', { config, waBridge });
  expect(found).toMatchObject({ verdict: 'fail', message: 'There is no token in x.', fix: 'Start one.' });
});

test('no bridge that the settings leave out', async () => {
  const waBridge = () => {
    throw new Error('asked');
  };
  const config = { ...testConfig(site.folder), bridge: 'baileys' as const };
  expect(await site.finding('wa-bridge', { config, waBridge })).toMatchObject({ verdict: 'ok' });
  const only = { ...config, bridge: 'whatsmeow' as const };
  expect(await site.finding('bridge', { config: only })).toMatchObject({ verdict: 'ok' });
  expect(await site.finding('credentials', { config: only })).toMatchObject({ verdict: 'ok' });
});

test.each([
  ['degraded', 'warn'],
  ['logged_out', 'fail'],
  ['down', 'fail'],
  ['syncing', 'ok'],
])('a bridge in state %s: %s', async (state, verdict) => {
  site.link();
  const found = await site.finding('bridge', {
    bridge: async () => ({ ...healthyBridge, state, next_step: 'Do this.' }),
  });
  expect(found).toMatchObject({ verdict, ...(verdict !== 'ok' && { fix: 'Do this.' }) });
});
