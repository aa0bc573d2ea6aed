import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from '../../../scripts/bundling.ts';
import { packageRoot } from '../../../src/package.ts';
import { compiledFolder } from './run-folders.ts';

const paths = new Map<string, string>();

/**
 * The path of a program for `node`, compiled once per process: a TypeScript file of the checkout, or the text of a
 * JavaScript module in the checkout's folder. It starts much faster than with a TypeScript loader.
 */
export function compiled(source: { file: string } | { text: string }): string {
  const key = JSON.stringify(source);
  const known = paths.get(key);
  if (known !== undefined) return known;
  const root = packageRoot();
  const folder = compiledFolder(process.ppid);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${process.pid}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.mjs`);
  const { outputFiles } = buildSync({
    ...bundling,
    splitting: false,
    write: false,
    ...('file' in source
      ? { entryPoints: [join(root, source.file)] }
      : { stdin: { contents: source.text, resolveDir: root, loader: 'js' } }),
  });
  writeFileSync(path, outputFiles[0]?.text ?? '');
  paths.set(key, path);
  return path;
}
