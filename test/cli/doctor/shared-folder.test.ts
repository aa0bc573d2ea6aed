import fs, { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DoctorEnvironment } from '../../../src/cli/doctor/check.ts';
import { sharedFolder } from '../../../src/cli/doctor/shared-folder.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { testConfig } from '../../support/fakes/config.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const verdictOn = (folder: string) => sharedFolder.run({ config: testConfig(folder) } as DoctorEnvironment);

function made(...parts: string[]): string {
  const folder = join(temporaryDir(), ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

describe('A data directory', () => {
  test.each([
    ['Dropbox', ['Dropbox (Personal)', 'wa']],
    ['OneDrive', ['OneDrive - Example Ltd', 'wa', 'data']],
    ['iCloud Drive', ['Library', 'Mobile Documents', 'com~apple~CloudDocs', 'wa']],
    ['Google Drive', ['Library', 'CloudStorage', 'GoogleDrive-ada@example.com', 'My Drive', 'wa']],
    ['a cloud drive', ['Library', 'CloudStorage', 'Tresor', 'wa']],
    ['Nextcloud', ['Nextcloud', 'wa']],
    ['Proton Drive', ['Proton Drive', 'wa']],
    ['pCloud', ['pCloudDrive']],
    ['MEGA', ['MEGA', 'wa']],
    ['Box', ['Box Sync', 'wa']],
  ])('in a folder of %s is named', async (program, parts) => {
    expect(await verdictOn(made(...parts))).toMatchObject({
      verdict: 'warn',
      message: expect.stringContaining(`${program} copies`),
      fix: expect.stringContaining('--data-dir'),
    });
  });

  test.each([
    ['Syncthing', '.stfolder'],
    ['Dropbox', '.dropbox'],
    ['Nextcloud', '._sync_0123abcd.db'],
    ['Google Drive', '.tmp.drivedownload'],
  ])('below a file that %s keeps is named', async (program, marker) => {
    const folder = made('notes', 'wa');
    writeFileSync(join(dirname(folder), marker), '');
    expect(await verdictOn(folder)).toMatchObject({ message: expect.stringContaining(program) });
  });

  test('behind a link is looked at where it really lies', async () => {
    const folder = made('Dropbox', 'wa');
    const link = join(made('plain'), 'link');
    symlinkSync(folder, link);
    expect(await verdictOn(link)).toMatchObject({ verdict: 'warn' });
  });

  test.each([0x6969, 0xff534d42, 0x01021997])('on a file system of another machine (%i) is named', async (type) => {
    const folder = made('wa');
    vi.spyOn(fs, 'statfsSync').mockReturnValue({ type } as never);
    syncBuiltinESMExports();
    expect(await verdictOn(folder)).toMatchObject({
      verdict: 'warn',
      message: expect.stringMatching(/^The folder lies on /),
    });
  });

  test.each([['Dropboxes'], ['my-onedrive-notes'], ['Boxes'], ['mega-data'], ['wa']])(
    'in %s is alone',
    async (name) => {
      expect(await verdictOn(made(name, 'wa'))).toMatchObject({ verdict: 'ok' });
    },
  );
});
