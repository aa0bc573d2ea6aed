import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataPaths, packageRoot, readSettings, toConfig } from '../src/config.ts';

describe('readSettings', () => {
  test('the first source that has a value wins', () => {
    const settings = readSettings(
      { WHATSAPP_BRIDGE: 'baileys' },
      { WHATSAPP_BRIDGE: 'whatsmeow', WHATSAPP_LOG_LEVEL: 'info' },
    );
    expect(settings).toMatchObject({ WHATSAPP_BRIDGE: 'baileys', WHATSAPP_LOG_LEVEL: 'info' });
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a client hands on when it does not expand variables
  test.each(['', '   ', '${user_config.bridge}', '${input:bridge}'])('%j counts as not set', (value) => {
    expect(readSettings({ WHATSAPP_BRIDGE: value }).WHATSAPP_BRIDGE).toBe('auto');
  });

  test.each([
    ['WHATSAPP_BRIDGE', 'telegram'],
    ['WHATSAPP_LOG_LEVEL', 'loud'],
    ['WHATSAPP_HISTORY_QUIET_SECONDS', 'soon'],
    ['WHATSAPP_HISTORY_QUIET_SECONDS', '0'],
    ['WHATSAPP_DEVICE_NAME', 'x'.repeat(51)],
    ['WHATSAPP_TIME_ZONE', 'Berlin'],
    ['WHATSAPP_TIME_ZONE', '+02:00'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(name);
  });

  test('a zone that does not exist is refused with an example of one that does', () => {
    expect(() => readSettings({ WHATSAPP_TIME_ZONE: 'Nowhere/City' })).toThrow(/an IANA name such as Europe\/Berlin/);
    expect(readSettings({ WHATSAPP_TIME_ZONE: ' Asia/Kolkata ' }).WHATSAPP_TIME_ZONE).toBe('Asia/Kolkata');
  });

  test('without any source every setting has a valid default', () => {
    expect(toConfig(readSettings())).toMatchObject({ bridge: 'auto', historyQuietMs: 15_000, simulator: null });
  });
});

test('a leading ~ is the home directory, elsewhere it is a letter', () => {
  expect(toConfig(readSettings({ WHATSAPP_DATA_DIR: '~/wa' })).dataDir).toBe(join(homedir(), 'wa'));
  expect(toConfig(readSettings({ WHATSAPP_DATA_DIR: '~wa' })).dataDir).toBe('~wa');
});

test('files of one bridge live in its own folder', () => {
  const paths = dataPaths('data');
  expect(Object.values(paths).every((path) => path.startsWith('data'))).toBe(true);
  expect(paths.auth).toBe(join('data', 'baileys', 'auth.db'));
});

test('the package root holds the migrations', () => {
  expect(existsSync(join(packageRoot(), 'bridges/whatsmeow/daemon/sqlite/migrations/001_init.sql'))).toBe(true);
});
