import { existsSync, renameSync, rmSync } from 'node:fs';

/**
 * Puts a new database in the place of one that nobody uses, which stays beside it with its log under the time of day;
 * answers where it is now. When the new one cannot be put there the old one is back where it was.
 */
export function moveAside(path: string, by: string): string[] {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const kept = `${path}.before-${time}`;
  const moved: [from: string, to: string][] = [];
  try {
    for (const ending of ['', '-wal', '-journal']) {
      if (!existsSync(path + ending)) continue;
      renameSync(path + ending, kept + ending);
      moved.push([path + ending, kept + ending]);
    }
    rmSync(`${path}-shm`, { force: true });
    renameSync(by, path);
  } catch (error) {
    for (const [from, to] of moved) renameSync(to, from);
    throw error;
  }
  return moved.map(([, to]) => to);
}
