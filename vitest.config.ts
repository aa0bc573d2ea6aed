import { defineConfig } from 'vitest/config';
import { programTests, wireTests } from './test/kinds.ts';
import { memoryFolder } from './test/support/setup/run-folders.ts';

/** Linking a simulated device costs keys and signatures; these are made once for a process. */
const preparedKeys = ['test/support/setup/prepared-keys.ts', 'test/support/setup/prepared-signatures.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share a process, one after the other: loading the libraries for each costs more than most of the tests do.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['test/support/setup/run-folders.ts'],
    ...(memoryFolder !== undefined && { env: { TMPDIR: memoryFolder } }),
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...programTests, ...wireTests],
          setupFiles: ['test/support/setup/fast-guard.ts'],
        },
      },
      { extends: true, test: { name: 'wire', include: wireTests, setupFiles: preparedKeys } },
      // These start the program or its worker thread as they are built.
      {
        extends: true,
        test: {
          name: 'program',
          include: programTests,
          testTimeout: 300_000,
          globalSetup: ['test/support/e2e/build.ts'],
          setupFiles: preparedKeys,
        },
      },
    ],
  },
});
