import { existsSync, renameSync, rmSync } from 'node:fs';

/**
 * Puts a new database in place of an unused one, which stays next to it with its log and the time in its name; returns
 * the path of the old one. If the new one cannot be moved there, the old one is restored.
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
