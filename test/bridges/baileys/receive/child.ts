// A separate process with the bridge and the real staging.db that kills itself (SIGKILL) at a named point. Arguments:
// data directory, address of the simulator's document, point ('' for none).
import '../../../../src/stdout.ts';
import { createBaileysBridge } from '../../../../bridges/baileys/baileys.ts';
import type { EventSink, KeyValueStore } from '../../../../bridges/bridge.ts';
import { dataPaths, type SimulatorDocument } from '../../../../src/config.ts';
import { openAuth } from '../../../../src/store/auth.ts';
import { createDeviceLock } from '../../../../src/store/sqlite/lock.ts';
import { openStaging } from '../../../../src/store/staging/staging.ts';
import { createIngest } from '../../../../src/sync/ingest.ts';
import { testConfig } from '../../../support/fakes/config.ts';

const [dataDir = '', url = '', point = ''] = process.argv.slice(2);

/** Dies when WhatsApp has the receipt and staging.db has nothing yet. `both`: at the second message. */
function mortal(sink: EventSink): EventSink {
  const die = () => process.kill(process.pid, 'SIGKILL');
  let slices = 0;
  let held = 0;
  return {
    ...sink,
    ingest(batch) {
      if (point === 'live' && batch.lane === 'live' && batch.messages?.length) die();
      if (point === 'both' && batch.lane === 'live' && batch.messages?.length) {
        held += batch.messages.length;
        return held > 1 ? die() : undefined;
      }
      if (point === 'slice' && batch.lane === 'history' && batch.messages?.length && ++slices === 2) die();
      sink.ingest(batch);
    },
    announceChunk(chunk, notification) {
      if (point === 'inline' && chunk.syncType === 'initial_bootstrap') die();
      if (point === 'blob' && chunk.syncType === 'full') die();
      sink.announceChunk(chunk, notification);
    },
    chunkStored(id) {
      if (point === 'stored') die();
      sink.chunkStored(id);
    },
  };
}

/** Rows that are held back are not stored, so they must not count as done. */
const holding = (keys: KeyValueStore): KeyValueStore => (point === 'both' ? { ...keys, journalDone: () => {} } : keys);

const document = (await (await fetch(url)).json()) as SimulatorDocument;
const paths = dataPaths(dataDir);
const bridge = createBaileysBridge({
  config: { ...testConfig(dataDir), simulator: document },
  sink: mortal(createIngest(openStaging(paths.staging), { quietMs: 100 })),
  source: { rawMessage: () => undefined },
  openKeys: () => holding(openAuth(paths.auth)),
  lock: createDeviceLock(paths.lock),
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
});
await bridge.connect();
process.stdin.on('end', () => void bridge.close().then(() => process.exit(0))).resume();
