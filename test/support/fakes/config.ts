import { type Config, readSettings, toConfig } from '../../../src/config.ts';

/** A configuration whose data directory must stay untouched, unless the test names one. */
export function testConfig(dataDir = '/nonexistent/whatsapp'): Config {
  return toConfig(
    readSettings({
      WHATSAPP_DATA_DIR: dataDir,
      WHATSAPP_LOG_LEVEL: 'silent',
      WHATSAPP_HISTORY_QUIET_SECONDS: '1',
      WHATSAPP_TIME_ZONE: 'UTC',
    }),
  );
}
