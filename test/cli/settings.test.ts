import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/cli/settings.ts';
import type { SimulatorDocument } from '../../src/config.ts';
import { flagOf, type SettingName, settings } from '../../src/settings.ts';

const root = mkdtempSync(join(tmpdir(), 'settings-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const simulator: SimulatorDocument = {
  socket_url: 'ws://127.0.0.1:1/ws',
  media_origin: 'http://127.0.0.1:1',
  noise_root: '00'.repeat(32),
  scan_url: 'http://127.0.0.1:1/scan',
};

/** A data directory with this .env. */
function dataDir(name: string, env: string): string {
  const path = join(root, name);
  mkdirSync(path);
  writeFileSync(join(path, '.env'), env);
  return path;
}

describe('The configuration', () => {
  test('takes flags before the environment, that before .env, and that before defaults', () => {
    const own = 'WHATSAPP_DEVICE_NAME=File\nWHATSAPP_TIME_ZONE=Asia/Kolkata\n';
    const dir = dataDir('order', `WHATSAPP_BRIDGE=whatsmeow\nWHATSAPP_LOG_LEVEL=error\n${own}`);
    const env = { WHATSAPP_DATA_DIR: dir, WHATSAPP_BRIDGE: 'baileys', WHATSAPP_LOG_LEVEL: 'info' };
    expect(loadConfig({ WHATSAPP_LOG_LEVEL: 'debug' }, { env })).toEqual({
      dataDir: dir,
      bridge: 'baileys',
      bridgeUrl: null,
      bridgeTokenFile: null,
      startBridge: false,
      bridgeBinary: null,
      logLevel: 'debug',
      deviceName: 'File',
      timeZone: 'Asia/Kolkata',
      tools: { toolsets: [], tools: [], excluded: [], readOnly: false },
      historyQuietMs: 15_000,
      simulator: null,
    });
  });

  const closed = (Object.keys(settings) as SettingName[]).filter((name) => !settings[name].fromEnvFile);

  test.each(closed)('does not take %s from .env, and says where it is set instead', (name) => {
    const dir = dataDir(`closed-${name}`, `${name}=/elsewhere\nWHATSAPP_LOG_LEVEL=error\n`);
    const load = () => loadConfig({ WHATSAPP_DATA_DIR: dir }, { env: {} });
    expect(load).toThrow(expect.objectContaining({ code: 'not_permitted' }));
    expect(load).toThrow(new RegExp(`${dir}/.env may not say ${name}: .*environment.*${flagOf(name)}`));
    writeFileSync(join(dir, '.env'), `${name}=\nWHATSAPP_LOG_LEVEL=error\n`); // as in .env.example
    expect(load()).toMatchObject({ dataDir: dir, logLevel: 'error' });
  });

  test('takes from .env nothing that names or starts a program, or leads elsewhere', () => {
    expect(closed).toEqual([
      'WHATSAPP_DATA_DIR',
      'WHATSAPP_BRIDGE_URL',
      'WHATSAPP_BRIDGE_TOKEN_FILE',
      'WHATSAPP_BRIDGE_START',
      'WHATSAPP_BRIDGE_BIN',
    ]);
  });

  test('names the setting that is wrong, wherever it came from', () => {
    const dir = dataDir('wrong', 'WHATSAPP_BRIDGE=pigeon\n');
    const wrong = () => loadConfig({ WHATSAPP_DATA_DIR: dir }, { env: {} });
    expect(wrong).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(wrong).toThrow(/WHATSAPP_BRIDGE/);
  });

  test('reports an unreadable .env', () => {
    mkdirSync(join(root, 'odd', '.env'), { recursive: true });
    expect(() => loadConfig({ WHATSAPP_DATA_DIR: join(root, 'odd') }, { env: {} })).toThrow(/EISDIR/);
  });
});

describe('A simulated account', () => {
  test('has a directory of its own and a short quiet period, where nothing else is said', () => {
    const config = loadConfig({}, { env: {}, simulator });
    expect(config.dataDir).toBe(join(loadConfig({}, { env: {} }).dataDir, 'simulated'));
    expect(config).toMatchObject({ historyQuietMs: 1000, simulator });
  });

  test('keeps to the data directory and the quiet period that were given', () => {
    const env = { WHATSAPP_DATA_DIR: join(root, 'given'), WHATSAPP_HISTORY_QUIET_SECONDS: '3' };
    expect(loadConfig({}, { env, simulator })).toMatchObject({ dataDir: join(root, 'given'), historyQuietMs: 3000 });
  });

  test('that is temporary never touches the directory of the environment', () => {
    const env = { WHATSAPP_DATA_DIR: join(root, 'real') };
    expect(loadConfig({}, { env, temporaryDir: join(root, 'gone') }).dataDir).toBe(join(root, 'gone'));
  });
});

test('A flag is the name of its setting', () => {
  expect(flagOf('WHATSAPP_DATA_DIR')).toBe('--data-dir');
  expect(flagOf('WHATSAPP_HISTORY_QUIET_SECONDS')).toBe('--history-quiet-seconds');
});
