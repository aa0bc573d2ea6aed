import { expect, test } from 'vitest';
import { folderSizes } from '../../scripts/folders.ts';

const maxFiles = 25;

/** These are being split; what is listed here and no longer too wide fails the second test. */
const exempt = ['bridges/whatsmeow/daemon/sqlite', 'bridges/whatsmeow/daemon/wa'];

const wide = [...folderSizes('src', 'bridges', 'test', 'scripts')].flatMap(([folder, files]) =>
  files > maxFiles ? [folder] : [],
);

test('No folder holds more than 25 files', () => {
  expect(wide.filter((folder) => !exempt.includes(folder))).toEqual([]);
});

test('No folder is exempt without need', () => {
  expect(exempt.filter((folder) => !wide.includes(folder))).toEqual([]);
});

test('Files are counted in their own folder', () => {
  const sizes = folderSizes('test/pins');
  expect(sizes.get('test/pins/tools')).toBe(0);
  expect(sizes.get('test/pins/tools/chats')).toBeGreaterThan(1);
});
