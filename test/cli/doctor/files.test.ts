import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { clock, permissions } from '../../../src/cli/doctor/files.ts';
import { dataPaths } from '../../../src/config.ts';
import { testConfig } from '../../support/config.ts';
import { temporaryDir } from '../../support/e2e-program.ts';

const leaving = vi.hoisted(() => ({ path: '' }));

/** Its file is deleted after the folder was read and before the file is looked at, as SQLite does with its journals. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const statSync: typeof fs.statSync = ((path: string, options?: { throwIfNoEntry?: true }) => {
    if (path === leaving.path) fs.rmSync(path, { force: true });
    return fs.statSync(path, options);
  }) as typeof fs.statSync;
  return { ...fs, statSync };
});

test.each([permissions, clock])(
  'The check of $name takes no notice of a file that a server deletes meanwhile',
  async ({ run }) => {
    const folder = temporaryDir();
    leaving.path = join(folder, 'messages.db-journal');
    writeFileSync(leaving.path, '');
    const site = {
      config: testConfig(folder),
      settingsFault: null,
      paths: dataPaths(folder),
      nodeVersion: process.version,
      now: Date.now,
      freeBytes: () => 2 ** 40,
      isAlive: () => true,
      bridge: async () => ({ state: 'ready', connected: true, message: null, next_step: null }),
      waBridge: () => Promise.reject(new Error('asked')),
    };
    expect(await run(site)).toMatchObject({ verdict: 'ok' });
    rmSync(folder, { recursive: true, force: true });
  },
);
