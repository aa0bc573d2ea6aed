import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundling } from './bundling.ts';
import { greetingOf } from './greeting.ts';
import { lazyValidator } from './lazy-validator.ts';
import { bundledLicences } from './licences.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/**
 * Bundles the program to `dist/main.js` and its worker thread to `dist/worker.js`.
 * Commands, bridges and the simulator become chunks of their own, so that answering `initialize` loads none of them.
 */
export async function buildProgram(): Promise<void> {
  const fresh = join(root, `dist.${process.pid}`);
  try {
    const { metafile } = await build({
      ...bundling,
      entryPoints: { main: 'src/main.ts', worker: 'src/sync/worker.ts' },
      outdir: fresh,
      // Reduces reading at every start; names stay, for readable stack traces.
      minifyWhitespace: true,
      minifySyntax: true,
      plugins: [lazyValidator],
      metafile: true,
    });
    writeFileSync(join(fresh, 'THIRD-PARTY.txt'), bundledLicences(root, metafile));
    writeFileSync(join(fresh, 'greeting.json'), JSON.stringify(await greetingOf()));
    chmodSync(join(fresh, 'main.js'), 0o755);
    replace(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Replaces file by file: a program exists at every moment, so that a client can start it during a build. */
function replace(fresh: string): void {
  mkdirSync(dist, { recursive: true });
  const files = readdirSync(fresh).sort((a, b) => Number(b.startsWith('chunk')) - Number(a.startsWith('chunk')));
  for (const file of files) renameSync(join(fresh, file), join(dist, file));
  for (const file of readdirSync(dist)) if (!files.includes(file)) rmSync(join(dist, file), { recursive: true });
}

/** True when no source file is newer than the built program. */
export function isBuilt(): boolean {
  const program = statSync(join(dist, 'main.js'), { throwIfNoEntry: false });
  if (program === undefined) return false;
  const sources = ['src', 'bridges', 'package.json', join('scripts', 'build.ts')].flatMap((name) => {
    const path = join(root, name);
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((entry) => join(path, entry));
  });
  return sources.every((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) <= program.mtimeMs);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildProgram();
