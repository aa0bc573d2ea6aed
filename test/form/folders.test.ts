import { expect, test } from 'vitest';
import { folderSizes } from '../../scripts/folders.ts';

const maxFiles = 25;

const wide = [...folderSizes('src', 'bridges', 'test', 'scripts')].flatMap(([folder, files]) =>
  files > maxFiles ? [folder] : [],
);

test('No folder holds more than 25 files', () => {
  expect(wide).toEqual([]);
});

test('Files are counted in their own folder', () => {
  const sizes = folderSizes('test/pins');
  expect(sizes.get('test/pins/tools')).toBe(0);
  expect(sizes.get('test/pins/tools/chats')).toBeGreaterThan(1);
});
