// A process of its own with the bridge and the real staging.db, to be killed. Arguments: data directory, document address.
import '../../../src/stdout.ts';
import { createBaileysBridge } from '../../../bridges/baileys/baileys.ts';
import { dataPaths, type SimulatorDocument } from '../../../src/config.ts';
import { openAuth } from '../../../src/store/auth.ts';
import { createDeviceLock } from '../../../src/store/lock.ts';
import { openStaging } from '../../../src/store/staging.ts';
import { createIngest } from '../../../src/sync/ingest.ts';
import { testConfig } from '../../support/config.ts';

const [dataDir = '', url = ''] = process.argv.slice(2);
const document = (await (await fetch(url)).json()) as SimulatorDocument;
const paths = dataPaths(dataDir);
const bridge = createBaileysBridge({
  config: { ...testConfig(dataDir), simulator: document },
  sink: createIngest(openStaging(paths.staging), { quietMs: 100 }),
  source: { rawMessage: () => undefined },
  openKeys: () => openAuth(paths.auth),
  lock: createDeviceLock(paths.lock),
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
});
await bridge.connect();
process.stdin.on('end', () => void bridge.close().then(() => process.exit(0))).resume();
