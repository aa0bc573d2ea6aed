import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config.ts';
import { fakeWaBridge } from '../../support/fakes/fake-wa-bridge.ts';
import { nearEnd } from './near-end.ts';

describe('without a token of ours', () => {
  it.each<[string, Partial<Config>, string]>([
    ['nobody wants a wa-bridge', { bridgeUrl: null }, 'is not set up'],
    ['an address is set', {}, 'there is no token in'],
    ['wa-bridge alone is to be used', { bridgeUrl: null, bridge: 'whatsmeow' }, 'there is no token in'],
  ])('nobody is asked anything where %s', async (_what, config, message) => {
    const fake = await fakeWaBridge();
    rmSync(join(fake.dataDir, 'bridge-token'));
    const bridge = nearEnd(fake, { config });
    for (const look of [() => bridge.probe(), () => bridge.waitFor(['ready'], 1)]) {
      await look();
      expect(bridge.status()).toMatchObject({ state: 'not_configured', message: expect.stringContaining(message) });
    }
    expect(fake.maxConnections()).toBe(0);
    writeFileSync(join(fake.dataDir, 'bridge-token'), fake.token, { mode: 0o600 });
    if (config.bridgeUrl !== null) expect((await bridge.waitFor(['ready'], 5000)).state).toBe('ready');
  });

  it('a token that others can read is refused with an explanation, and no request is sent', async () => {
    const fake = await fakeWaBridge();
    chmodSync(join(fake.dataDir, 'bridge-token'), 0o644);
    const bridge = nearEnd(fake);
    expect(bridge.status().message).toContain('can be read by other users');
    await bridge.probe();
    expect(bridge.status()).toMatchObject({ state: 'down', message: expect.stringContaining('chmod 600') });
    expect(fake.maxConnections()).toBe(0);
  });
});
