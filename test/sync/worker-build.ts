import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/config.ts';

/**
 * Bundles a TypeScript entry like the program's build, into a folder below node_modules, where native packages are
 * found. Returns the path of the bundle and a function that removes it.
 */
export async function bundle(entry: string, name: string): Promise<{ path: string; remove(): void }> {
  const folder = join(packageRoot(), 'node_modules', '.cache', `sync-test-${process.pid}-${name}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(packageRoot(), entry)],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    external: ['better-sqlite3', '@whiskeysockets/baileys'],
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    logLevel: 'error',
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
