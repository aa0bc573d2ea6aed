import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processHistoryMessage, proto } from '@whiskeysockets/baileys';
import { contactOf } from '../../../bridges/baileys/translate/contact.ts';
import { historyBatches } from '../../../bridges/baileys/translate/history.ts';
import type { TranslateContext } from '../../../bridges/baileys/translate/message.ts';
import type { EventSink } from '../../../bridges/bridge.ts';
import { type DataPaths, dataPaths } from '../../../src/config.ts';
import { createWorld, defaultWorld } from '../../../src/simulator/world/default.ts';
import { planHistory } from '../../../src/simulator/world/history.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { openIndex } from '../../../src/store/search/indexer.ts';
import { migrate, openWriter } from '../../../src/store/sqlite/database.ts';
import { openStaging } from '../../../src/store/staging/staging.ts';
import { createIngest } from '../../../src/sync/ingest.ts';
import { transfer } from '../../../src/sync/transfer.ts';
import { type FakeServices, fakeServices } from '../fakes/fake-services.ts';

/** Fills empty paths with the account of the simulator's default world, as linking and copying would, without them. */
async function storeDefaultWorld(paths: Pick<DataPaths, 'messages' | 'staging' | 'search'>): Promise<void> {
  const db = openWriter(paths.messages);
  const staging = openStaging(paths.staging);
  const index = openIndex(paths.search);
  try {
    migrate(db);
    const world = createWorld(defaultWorld);
    const sink = createIngest(staging, { quietMs: 0 });
    sink.onLinked({ jid: world.me.pn, lid: world.me.lid });
    receive(world, sink);
    for (const lane of ['history', 'live'] as const)
      await transfer(db, paths.staging, lane, { isHistoryComplete: () => true });
    index.indexNew(db);
  } finally {
    index.close();
    staging.close();
    db.close();
  }
}

/** The history and the address book of the phone. */
function receive(world: World, sink: EventSink): void {
  const context: TranslateContext = {
    me: { pn: world.me.pn, lid: world.me.lid },
    now: world.now,
    encode: (info) => proto.WebMessageInfo.encode(info).finish(),
  };
  let made = 0;
  for (const chunk of planHistory(world)) {
    const id = `chunk ${made++}`;
    const { progress, chunkOrder } = chunk;
    sink.announceChunk({ id, syncType: 'full', progress, chunkOrder }, new Uint8Array([1]));
    const wire = proto.HistorySync.encode(proto.HistorySync.fromObject(chunk.build())).finish();
    for (const batch of historyBatches(processHistoryMessage(proto.HistorySync.decode(wire)), context)) {
      sink.ingest({ lane: 'history', chunkId: id, ...batch });
    }
    sink.chunkStored(id);
  }
  const book = world.people.flatMap(({ pn, lid, savedName }) =>
    pn && savedName ? [{ id: pn, lid, name: savedName }] : [],
  );
  const contacts = book
    .map((person) => contactOf({ ...person, lid: person.lid ?? null }))
    .filter((one) => one !== undefined);
  sink.ingest({ lane: 'live', contacts });
}

export interface StoredWorld {
  folder: string;
  services: FakeServices;
}

/** Everything that the tools use, over a store with the default world in a folder of its own. */
export async function storedWorld(): Promise<StoredWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  const paths = dataPaths(folder);
  await storeDefaultWorld(paths);
  return { folder, services: fakeServices({ store: openReader(paths) }) };
}
