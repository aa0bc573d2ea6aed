import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, type Mock, test, vi } from 'vitest';
import { clock, permissions } from '../../../src/cli/doctor/files.ts';
import { dataPaths } from '../../../src/config.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { testConfig } from '../../support/fakes/config.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Deletes a file after its folder was read and before the file is checked, as SQLite does with its journals. */
function leavesInBetween(leaving: string): void {
  const { statSync } = fs;
  const spied = vi.spyOn(fs, 'statSync') as Mock<(path: string, options?: object) => unknown>;
  spied.mockImplementation((path, options) => {
    if (path === leaving) fs.rmSync(path, { force: true });
    return statSync(path, options);
  });
  syncBuiltinESMExports();
}

test.each([permissions, clock])(
  'The check of $name takes no notice of a file that a server deletes meanwhile',
  async ({ run }) => {
    const folder = temporaryDir();
    const leaving = join(folder, 'messages.db-journal');
    fs.writeFileSync(leaving, '');
    leavesInBetween(leaving);
    const site = {
      config: testConfig(folder),
      settingsFault: null,
      isRefused: false,
      paths: dataPaths(folder),
      nodeVersion: process.version,
      now: Date.now,
      freeBytes: () => 2 ** 40,
      isAlive: () => true,
      bridge: async () => ({ state: 'ready', connected: true, message: null, next_step: null }),
      waBridge: () => Promise.reject(new Error('asked')),
    };
    expect(await run(site)).toMatchObject({ verdict: 'ok' });
    expect(fs.existsSync(leaving)).toBe(false);
  },
);
