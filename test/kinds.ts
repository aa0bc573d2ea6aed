import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Which test files start processes or threads, or use sockets. Every other file is fast: `npm run test:fast` runs those,
 * and test/support/setup/fast-guard.ts fails a fast test that does one of these things.
 */

/** Start the program, or what is built of it. */
export const programTests = ['test/{app,e2e}/**/*.test.ts'];

/** Folders of wire tests, with all below them, and what is fast there: folders, and files without `.test.ts`. */
export const wireFolders: Record<string, readonly string[]> = {
  'test/bridges/baileys': [
    ...['connection/observable-state', 'connection/pairing', 'connection/reconnect', 'library/codec'],
    ...['library/credentials', 'library/key-store', 'library/logger', 'operations/cached-list', 'receive/events'],
    ...['receive/history', 'receive/journal', 'receive/poll-votes', 'receive/receiver', 'receive/replay'],
    ...['receive/trusted-contact-tokens', 'translate'],
  ],
  'test/bridges/whatsmeow': ['contract', 'endpoint', 'supervisor'],
  'test/simulator': [
    ...['account/device', 'account/queue', 'faults/history', 'media', 'wire/certificate', 'wire/noise', 'world'],
  ],
};

const inWireFolders = Object.entries(wireFolders).flatMap(([folder, fast]) =>
  readdirSync(join(import.meta.dirname, '..', folder), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter(
      (file) =>
        file.endsWith('.test.ts') &&
        !fast.some((name) => `${file}/`.startsWith(`${name}/`) || file === `${name}.test.ts`),
    )
    .map((file) => `${folder}/${file}`),
);

/** Start processes or threads, or use sockets. */
export const wireTests = [
  ...inWireFolders,
  'test/bench/beside-go.test.ts',
  'test/cli/{bridge,restore,temporary-dir}.test.ts',
  'test/cli/data/trust.test.ts',
  'test/cli/doctor/{grid,salvage}.test.ts',
  'test/cli/simulated/simulator-document.test.ts',
  'test/clients/wire.test.ts',
  'test/form/manifests.test.ts',
  'test/{log,stdout}.test.ts',
  'test/page/{door,page}.test.ts',
  'test/router/fail-over.test.ts',
  'test/server/{busy,hostile-bridge,stdio}.test.ts',
  'test/store/auth.test.ts',
  'test/store/salvage/salvage.test.ts',
  'test/store/search/indexer.test.ts',
  'test/store/sqlite/{backup,database,lock,open-twice}.test.ts',
  'test/sync/{second-writer,transfer-kill,worker-client}.test.ts',
  'test/system/{process,run-folders,uptime}.test.ts',
  'test/tools/system/system.test.ts',
];
