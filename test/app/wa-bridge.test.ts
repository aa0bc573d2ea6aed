import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { businessJid } from '../../src/simulator/world/shop.ts';
import { endAll, sharing } from '../support/at-end.ts';
import { linkBridge } from '../support/e2e/link.ts';
import { testConfig } from '../support/fakes/config.ts';
import { until } from '../support/poll.ts';
import { describeWaBridge, type StartedWaBridge, startWaBridge } from '../support/wire/wa-bridge.ts';

type Value = Record<string, unknown>;

let simulator: Simulator;
let dataDir: string;
let bridge: StartedWaBridge;
let app: App;

const startBridge = () => sharing(() => startWaBridge({ dataDir, simulatorUrl: simulator.url }));

async function call(name: string, args: object = {}): Promise<Value> {
  const outcome = await app.runTool(name, args, { progress: () => {} });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

/** Links a bridge through the tools, as an agent does; resolves to its last state, with the address of its page. */
async function link(which: 'baileys' | 'whatsmeow'): Promise<Value> {
  const { begun, ended } = await linkBridge(call, simulator, which);
  return { ...ended, page_url: begun['page_url'] };
}

describeWaBridge('an app beside the real wa-bridge', () => {
  beforeAll(async () => {
    simulator = await startSimulator({ messages: 300, strict: true });
    dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-wa-bridge-'));
    bridge = await startBridge();
    app = createApp({ ...testConfig(dataDir), simulator: simulator.document });
  });

  afterAll(async () => {
    await app.close();
    await endAll();
    await simulator.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('sees it, and what it can do, before a phone is linked', async () => {
    const { go_bridge, same_account } = await call('backend_status');
    expect(go_bridge).toMatchObject({
      healthy: false,
      state: 'unlinked',
      linked: false,
      url: bridge.url,
      known_gaps: 0,
    });
    expect(go_bridge).toMatchObject({ version: expect.stringMatching(/./), latency_ms: expect.any(Number) });
    expect(same_account).toBeNull();
    const { operations } = await call('get_routing_info', { operation: 'connection.pair' });
    expect((operations as Value[])[0]).toMatchObject({ bridges: [{}, { bridge: 'whatsmeow', can_serve: true }] });
  });

  it('links both by the tools, each with a page of its own, to one account', async () => {
    expect(await link('whatsmeow')).toMatchObject({
      served_by: 'whatsmeow',
      page_url: expect.stringContaining('http://127'),
    });
    expect(await call('start_pairing', { bridge: 'whatsmeow' })).not.toHaveProperty('qr');
    expect(await link('baileys')).toMatchObject({ served_by: 'baileys' });
    const status = await call('backend_status');
    expect(status).toMatchObject({ overall_status: 'healthy', same_account: true });
    expect(status['go_bridge']).toMatchObject({ healthy: true, linked: true, connected: true });
  });

  it('asks it first, Baileys while it is killed, and it again by itself', async () => {
    const servedBy = async () => (await call('get_business_profile', { jid: businessJid }))['served_by'];
    expect(await servedBy()).toBe('whatsmeow');
    await bridge.kill();
    const begun = performance.now();
    expect(await servedBy()).toBe('baileys');
    expect(performance.now() - begun).toBeLessThan(20_000);
    const { go_bridge } = await call('backend_status');
    expect(go_bridge).toMatchObject({ state: 'down', message: expect.stringContaining('bridge run') });
    bridge = await startBridge(); // on another port, which it writes into the data directory
    await until(async () => (await call('backend_status'))['overall_status'] === 'healthy');
    expect(await servedBy()).toBe('whatsmeow');
  });

  it('unlinks it alone', async () => {
    const gone = await call('logout_device', { bridge: 'whatsmeow' });
    expect(gone).toEqual({ success: true, state: 'unlinked', was_linked: true, served_by: 'whatsmeow' });
    const { baileys_bridge, go_bridge } = await call('backend_status');
    expect(baileys_bridge).toMatchObject({ linked: true });
    expect(go_bridge).toMatchObject({ state: 'unlinked', linked: false });
  });
});
