import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownPackage } from '../src/package.ts';
import { buildProgram, isBuilt } from './build.ts';
import { bundleManifest, type Target } from './manifests.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const mcpb = join(root, 'node_modules', '.bin', 'mcpb');
/** The only file of better-sqlite3's build that it needs. */
const nativeFile = join('better-sqlite3', 'build', 'Release', 'better_sqlite3.node');
const sources = ['src', 'bridges', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];

/**
 * Packs the built program and the packages it needs into one .mcpb file for this system, processor and major version of
 * Node. Returns its path. Throws when the manifest is invalid.
 */
export async function bundle(folder: string): Promise<string> {
  if (!isBuilt()) await buildProgram();
  const target: Target = {
    platform: process.platform,
    arch: process.arch,
    nodeMajor: Number.parseInt(process.versions.node, 10),
  };
  const { name, version } = ownPackage();
  const file = resolve(folder, `${name}-${version}-${target.platform}-${target.arch}-node${target.nodeMajor}.mcpb`);
  const stage = mkdtempSync(join(tmpdir(), 'whatsapp-hybrid-mcp-bundle-'));
  try {
    for (const path of published()) copy(path, join(stage, path));
    for (const path of runtimePackages()) copy(path, join(stage, path));
    for (const path of sources) copy(path, join(stage, 'source', path));
    writeFileSync(join(stage, 'manifest.json'), `${JSON.stringify(bundleManifest(target), null, 2)}\n`);
    execFileSync(mcpb, ['validate', join(stage, 'manifest.json')], { stdio: ['ignore', 'ignore', 'inherit'] });
    mkdirSync(folder, { recursive: true });
    execFileSync(mcpb, ['pack', stage, file], { stdio: ['ignore', 'ignore', 'inherit'] });
    return file;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Our files that npm publishes. */
function published(): string[] {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const folders = files.filter((file) => !file.startsWith('!')); // Go tests are small, and the licence requires sources
  return [...folders, 'package.json', 'README.md', 'LICENSE'];
}

interface Lock {
  packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
}

/** Folders of the runtime packages, from package-lock.json and as installed here. */
function runtimePackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)) && !nested(path, packages));
}

/** A package inside another one's folder is copied with it. */
function nested(path: string, packages: Lock['packages']): boolean {
  const outer = path.slice(0, path.lastIndexOf('/node_modules/'));
  return path.lastIndexOf('/node_modules/') !== -1 && outer in packages;
}

function copy(path: string, to: string): void {
  const builds = `${sep}better-sqlite3${sep}build${sep}`;
  cpSync(join(root, path), to, {
    recursive: true,
    filter: (source) => !source.includes(builds) || join(root, 'node_modules', nativeFile).startsWith(source),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await bundle(process.argv[2] ?? root));
