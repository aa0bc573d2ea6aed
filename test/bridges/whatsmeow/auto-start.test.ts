import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { absentBridge } from '../../../bridges/absent.ts';
import { flagsFor, relay, startConfigured, startedBridge } from '../../../bridges/whatsmeow/auto-start.ts';
import type { Config } from '../../../src/config.ts';
import { isRunning } from '../../../src/system/process.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { testConfig } from '../../support/fakes/config.ts';
import { quietLog } from '../../support/fakes/quiet-log.ts';
import { describeWaBridge, waBridgeBinary } from '../../support/wire/wa-bridge.ts';

const config: Config = { ...testConfig('/data'), deviceName: 'Mine', logLevel: 'warn' };
const usual = ['--log-level', 'warn', '--device-name', 'Mine'];
const simulator = { socket_url: 'ws://127.0.0.1:1', media_origin: '', noise_root: '', scan_url: '' };

test('the daemon gets the settings of the server, and uses a free port unless one is set', () => {
  expect(flagsFor(config)).toEqual(['--data-dir', '/data', '--port', '0', ...usual]);
  expect(flagsFor({ ...config, bridgeUrl: 'http://[::1]:9000', bridgeTokenFile: '/token' })).toEqual([
    '--data-dir',
    '/data',
    '--host',
    '::1',
    '--port',
    '9000',
    '--token-file',
    '/token',
    ...usual,
  ]);
  const url = 'http://127.0.0.1:1/simulator.json';
  expect(flagsFor({ ...config, simulator: { ...simulator, url } }).slice(-2)).toEqual(['--simulator', url]);
});

test('a program for a simulated account never goes to the real WhatsApp', () => {
  expect(() => flagsFor({ ...config, simulator })).toThrow('document');
});

test('log lines of the daemon appear in our log at their own level', () => {
  const { log, lines } = quietLog();
  relay('{"time":"2026-01-01T00:00:00Z","level":"ERROR","msg":"a request failed","path":"/x"}', log);
  relay('wa-bridge: it cannot', log);
  relay('wa-bridge listens on http://127.0.0.1:1', log);
  relay('{"level":"DEBUG","msg":"fine"}', log);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 50, msg: 'a request failed', path: '/x', bridge: 'whatsmeow' },
    { level: 40, msg: 'wa-bridge: it cannot' },
    { level: 30, msg: 'wa-bridge listens on http://127.0.0.1:1' },
    { level: 20, msg: 'fine' },
  ]);
});

describeWaBridge('With the real program', () => {
  const configured = (): Config => ({ ...testConfig(temporaryDir()), bridgeBinary: waBridgeBinary ?? null });
  const note = ({ dataDir }: Config) => join(dataDir, 'bridge.json');

  test('two servers on one data directory share one daemon, and the second starts its own after the first has ended', async () => {
    const shared = configured();
    const [first, second] = [0, 1].map(() => startedBridge(absentBridge('whatsmeow', ''), shared, quietLog().log));
    await Promise.all([first!.connect(), second!.connect()]);
    const { pid } = JSON.parse(readFileSync(note(shared), 'utf8'));
    expect(isRunning(pid)).toBe(true);
    expect([first!.status(), second!.status()]).toMatchObject([{ message: '' }, { message: '' }]);
    await first!.close();
    await second!.connect();
    const after = JSON.parse(readFileSync(note(shared), 'utf8'));
    expect(isRunning(after.pid)).toBe(true);
    await second!.close();
    expect(existsSync(note(shared))).toBe(false);
    expect([pid, after.pid].map(isRunning)).toEqual([false, false]);
  });

  test('a killed daemon is restarted', async () => {
    const own = configured();
    const bridge = startedBridge(absentBridge('whatsmeow', ''), own, quietLog().log);
    await bridge.connect();
    const { pid } = JSON.parse(readFileSync(note(own), 'utf8'));
    process.kill(pid, 'SIGKILL');
    const again = () => JSON.parse(readFileSync(note(own), 'utf8')).pid;
    await vi.waitFor(() => expect(again()).not.toBe(pid), { timeout: 30_000 });
    expect(isRunning(again())).toBe(true);
    await bridge.close();
  });

  test('a simulated account gets a build that can reach it', async () => {
    const { url } = await startWorld({ messages: 100 });
    const world = { ...simulator, url };
    const started = await startConfigured({ ...testConfig(temporaryDir()), simulator: world }, {});
    expect((await fetch(`${started.url}/healthz`)).status).toBe(200);
    await started.stop();
  });
});
