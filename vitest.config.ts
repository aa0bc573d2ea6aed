import { defineConfig } from 'vitest/config';

const programs = ['test/{app,e2e}/**/*.test.ts'];

export default defineConfig({
  test: {
    // Wire tests swap Baileys' process-wide root key and open real sockets: every file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: programs } },
      // These start the program or its worker thread as they are built.
      { extends: true, test: { name: 'program', include: programs, globalSetup: ['test/support/e2e-build.ts'] } },
    ],
  },
});
