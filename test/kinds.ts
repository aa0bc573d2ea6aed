import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Which test files start processes or threads, or use sockets. Every other file is fast: `npm run test:fast` runs those,
 * and test/support/fast-guard.ts fails a fast test that does one of these things.
 */

/** Start the program, or what is built of it. */
export const programTests = ['test/{app,e2e}/**/*.test.ts'];

/** Folders of wire tests, and the names of the fast ones among them. */
export const wireFolders: Record<string, readonly string[]> = {
  'test/bridges/baileys': [
    ...['auth-state', 'codec', 'credentials', 'events', 'history', 'journal', 'logger', 'pairing', 'receiver'],
    ...['reconnect', 'replay', 'shelf', 'state', 'tc-tokens', 'votes'],
  ],
  'test/bridges/whatsmeow': ['contract', 'keeper', 'place'],
  'test/simulator': ['certificate', 'device', 'faults-history', 'media', 'noise', 'queue'],
};

const inWireFolders = Object.entries(wireFolders).flatMap(([folder, fast]) =>
  readdirSync(join(import.meta.dirname, '..', folder))
    .filter((file) => file.endsWith('.test.ts') && !fast.includes(file.slice(0, -'.test.ts'.length)))
    .map((file) => `${folder}/${file}`),
);

/** Start processes or threads, or use sockets. */
export const wireTests = [
  ...inWireFolders,
  'test/bench/beside-go.test.ts',
  'test/cli/{bridge,simulator-document,temporary-dir}.test.ts',
  'test/clients/wire.test.ts',
  'test/form/manifests.test.ts',
  'test/{log,stdout}.test.ts',
  'test/page/page.test.ts',
  'test/router/fail-over.test.ts',
  'test/server/stdio.test.ts',
  'test/store/{auth,backup,database,lock,open-twice,search-index}.test.ts',
  'test/sync/{client,second-writer,transfer-kill}.test.ts',
  'test/system/{process,run-folders}.test.ts',
  'test/tools/system/system.test.ts',
];
