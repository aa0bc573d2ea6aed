import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/package.ts';

/** Folders of the checkout below these, each with the number of files that stand in it itself. Packages are left out. */
export function folderSizes(...tops: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>();
  const visit = (folder: string): void => {
    const entries = readdirSync(join(packageRoot(), folder), { withFileTypes: true });
    sizes.set(folder, entries.filter((entry) => entry.isFile()).length);
    for (const entry of entries)
      if (entry.isDirectory() && entry.name !== 'node_modules') visit(`${folder}/${entry.name}`);
  };
  tops.forEach(visit);
  return sizes;
}
