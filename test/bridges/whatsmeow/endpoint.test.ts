import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { endpointError, resolveEndpoint } from '../../../bridges/whatsmeow/endpoint.ts';
import type { Config } from '../../../src/config.ts';
import { startOf } from '../../../src/system/process.ts';
import { testConfig } from '../../support/fakes/config.ts';

let dataDir: string;
let config: Config;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'place-'));
  config = testConfig(dataDir);
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
});

const note = (changes: object = {}): void =>
  writeFileSync(
    join(dataDir, 'bridge.json'),
    JSON.stringify({
      pid: process.pid,
      start: startOf(process.pid) ?? '',
      url: 'http://127.0.0.1:9999',
      version: '0.1.0',
      simulator: false,
      ...changes,
    }),
  );

describe('the place of wa-bridge', () => {
  it('is the address that a running daemon has written', () => {
    note();
    expect(resolveEndpoint(config)).toMatchObject({ url: 'http://127.0.0.1:9999', from: 'program', pid: process.pid });
  });

  it.each([
    ['of a process that has ended', { pid: 2 ** 22 + 1 }],
    ['of no process', { pid: 0 }],
    ['of a process whose number is another’s now', { start: '11111111-1111-4111-8111-111111111111:1' }],
    ['that says of no process when it began', { start: undefined }],
    ['of a process of another user that began at another time', { pid: 1, start: startOf(process.pid) }],
    ['without an address', { url: 'nowhere' }],
  ])('is the usual one with a note %s', (_what, changes) => {
    note(changes);
    expect(resolveEndpoint(config)).toMatchObject({ url: 'http://127.0.0.1:8080', from: 'default', pid: null });
  });

  it('is the default while the address file is being written', () => {
    writeFileSync(join(dataDir, 'bridge.json'), '{"pid": 1');
    expect(resolveEndpoint(config).from).toBe('default');
  });

  it('is the configured one, even when another daemon runs', () => {
    note();
    expect(resolveEndpoint({ ...config, bridgeUrl: 'http://127.0.0.1:8090' })).toMatchObject({
      url: 'http://127.0.0.1:8090',
      from: 'user',
      isSimulated: null,
    });
  });

  it('has the token of the data directory, or the one that the user names', () => {
    expect(resolveEndpoint(config).tokenFile).toBe(join(dataDir, 'bridge-token'));
    expect(resolveEndpoint({ ...config, bridgeTokenFile: '/run/token' }).tokenFile).toBe('/run/token');
  });
});

it.skipIf(process.getuid?.() !== 0)('an address file of another user is ignored', () => {
  note();
  chownSync(join(dataDir, 'bridge.json'), 65534, 65534);
  expect(resolveEndpoint(config).from).toBe('default');
});

it('an address file that others can change is ignored', () => {
  note();
  chmodSync(join(dataDir, 'bridge.json'), 0o666);
  expect(resolveEndpoint(config).from).toBe('default');
});

describe('an address is asked', () => {
  const objection = (bridgeUrl: string, bridgeTokenFile: string | null = null) => {
    const asked = { ...config, bridgeUrl, bridgeTokenFile };
    return endpointError(resolveEndpoint(asked), asked);
  };

  it.each([
    'http://127.0.0.1:8080',
    'http://127.9.9.9:1',
    'http://localhost:8080',
    'http://[::1]:8080',
    'http://LOCALHOST',
  ])('on this machine: %s', (url) => {
    expect(objection(url)).toBeUndefined();
  });

  it.each([
    'http://192.0.2.1:8080',
    'http://example.org',
    'http://127.0.0.1.example.org',
    'http://0.0.0.0:8080',
    'http://[::]:1',
  ])('elsewhere only with a token file of its own: %s', (url) => {
    expect(objection(url)).toContain('WHATSAPP_BRIDGE_TOKEN_FILE');
    expect(objection(url, '/run/token')).toBeUndefined();
  });

  it.each([
    'https://127.0.0.1:8080',
    'http://127.0.0.1:8080/api',
    'http://127.0.0.1:8080/?x=1',
    'http://me@127.0.0.1:8080',
  ])('only where it has nothing but host and port: %s', (url) => {
    expect(objection(url)).toContain('without path');
  });

  it('only when both are simulated, or neither', () => {
    const simulator = { socket_url: 'x', media_origin: 'x', noise_root: 'x', scan_url: 'x' };
    note({ simulator: true });
    expect(endpointError(resolveEndpoint(config), config)).toContain('simulated');
    expect(endpointError(resolveEndpoint(config), { ...config, simulator })).toBeUndefined();
    note({ simulator: false });
    expect(endpointError(resolveEndpoint(config), { ...config, simulator })).toContain('real WhatsApp');
    expect(endpointError(resolveEndpoint(config), config)).toBeUndefined();
  });
});
