import { describe, expect, test } from 'vitest';
import { serve } from '../../support/e2e/client.ts';
import { clientEnv, startProgram, temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { ownerStorm } from '../../support/storm/owner-storm.ts';

type Status = { state: string; linked: boolean; connected: boolean; owner?: { pid: number } };

describe('several servers on one data directory', () => {
  test('have one session at any time, whichever is killed, and lose nothing', async () => {
    const result = await ownerStorm({ seed: 7, kills: 3, servers: 3, messages: 300 });
    expect(result.wrong).toEqual([]);
    expect(result).toMatchObject({ maxSessionsAtOnce: 1, rows: 312, expectedRows: 312, liveMessages: 12 });
    expect(result.takeOverMs.max).toBeLessThan(50_000); // other tests run at the same time; the proof requires 5 s
    expect(result.logins).toBeGreaterThanOrEqual(4);
  }, 300_000);

  test('a running server notices a login in a terminal, and goes on when that has ended', async () => {
    const simulator = await startWorld({ messages: 300 });
    const dataDir = temporaryDir();
    const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
    const server = await serve(['--simulator', simulator.url], env);
    const bridge = async () => ({
      owner: undefined,
      ...((await server.call('backend_status'))['baileys_bridge'] as Status),
    });
    expect(await bridge()).toMatchObject({ state: 'unlinked', linked: false, owner: undefined });

    const active = simulator.next('active');
    const login = startProgram(['login', '--simulator', simulator.url], clientEnv(temporaryDir(), env));
    let scanned = '';
    login.child.stdout?.on('data', () => {
      const qr = /^QR text: (\S+)$/m.exec(login.stdout())?.[1];
      if (qr === undefined || qr === scanned) return;
      scanned = qr;
      void simulator.scan(qr);
    });
    await active;
    expect(await bridge()).toMatchObject({ linked: true, connected: false, owner: { pid: login.child.pid } });
    expect(await login.ended).toMatchObject({ code: 0 });
    await simulator.next('active'); // without a request
    expect(await bridge()).toMatchObject({ linked: true, connected: true, owner: undefined });
    expect(simulator.counters().maxConcurrentSessionsPerDevice).toBe(1);
  }, 300_000);
});
