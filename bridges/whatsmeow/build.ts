import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import envPaths from 'env-paths';
import { ownPackage, packageRoot } from '../../src/package.ts';
import { makeFolder } from '../../src/system/folder.ts';
import { isRunning } from '../../src/system/process.ts';
import { whileLocked } from './build-lock.ts';
import { runCompiler } from './compiler.ts';

const run = promisify(execFile);

/** Max kept builds: older ones help when switching between versions. */
const keptBuilds = 8;

export interface BuildOptions {
  /** Which Go program to build; default wa-bridge. */
  command?: 'wa-bridge' | 'sim-writer';
  /** A build that can connect to a simulated WhatsApp; releases cannot. */
  simulator: boolean;
  /** Called when nothing is kept: what follows takes minutes, building or waiting for who builds. */
  onAbsent?: () => void;
  /** Called when the compiler begins. */
  onBuild?: () => void;
  signal?: AbortSignal;
}

/**
 * The path of a Go program, built from the Go sources of this package and kept in the user's cache, one build per state
 * of the sources and version of Go. Undefined when the PATH has no sufficiently new Go. Rejects with the compiler's
 * error, and with the reason of the signal, while building or waiting for another build.
 */
export async function buildBridge(options: BuildOptions): Promise<string | undefined> {
  const go = await goVersion();
  if (go === undefined) return undefined;
  for (;;) {
    const path = buildPath(options, go);
    if (existsSync(path)) {
      utimesSync(path, new Date(), new Date());
      return path;
    }
    options.onAbsent?.();
    const folder = dirname(path);
    makeFolder(folder, 0o777);
    const make = async () => {
      if (existsSync(path)) return;
      options.onBuild?.();
      // If the sources changed during the build, the key differs and the build is discarded.
      await compile(path, options, () => path === buildPath(options, go));
      forgetOldest(folder);
      forgetDrafts(folder);
    };
    await whileLocked(`${path}.lock`, make, options);
  }
}

/** The path of the kept build of the current sources; undefined when there is none, or no Go. */
export async function keptBuild(options: Pick<BuildOptions, 'simulator'>): Promise<string | undefined> {
  const go = await goVersion();
  const path = go && buildPath(options, go);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function buildPath({ command = 'wa-bridge', simulator }: Pick<BuildOptions, 'simulator' | 'command'>, go: string) {
  const { cache } = envPaths('whatsapp-hybrid-mcp', { suffix: '' });
  return join(cache, 'bridge', `${command}-${simulator ? 'simulator-' : ''}${sourceKey(command, go)}${suffix}`);
}

export const daemonFolder = (): string => join(packageRoot(), 'bridges', 'whatsmeow', 'daemon');

const suffix = process.platform === 'win32' ? '.exe' : '';

/** For this machine by default; downloads no other Go and uses no C compiler. */
export const goEnvironment = (goos = '', goarch = ''): NodeJS.ProcessEnv => ({
  ...process.env,
  CGO_ENABLED: '0',
  GOTOOLCHAIN: 'local',
  GOOS: goos,
  GOARCH: goarch,
});

/** The version of Go in the PATH; undefined when it is missing or older than go.mod requires. */
export async function goVersion(): Promise<string | undefined> {
  const found = await run('go', ['version'], { env: goEnvironment() }).catch(() => undefined);
  const version = /\bgo(\d+)\.(\d+)\S*/.exec(found?.stdout ?? '');
  const wanted = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(daemonFolder(), 'go.mod'), 'utf8'));
  if (!version || !wanted) return undefined;
  const [major, minor, wantedMajor, wantedMinor] = [version[1], version[2], wanted[1], wanted[2]].map(Number);
  const isNewEnough = major! > wantedMajor! || (major === wantedMajor && minor! >= wantedMinor!);
  return isNewEnough ? version[0] : undefined;
}

/** Linker flags for distribution: without local paths and debug information. */
export const linking = (): string[] => ['-trimpath', `-ldflags=-s -w -X main.version=${ownPackage().version}`];

/** Hashes the sources of a build; excludes tests, their data and other programs. */
function sourceKey(command: string, go: string): string {
  const made = [go, process.platform, process.arch, ...linking()];
  const hash = createHash('sha256').update(`${made.join(' ')}\n`);
  const files = readdirSync(daemonFolder(), { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  for (const file of files.sort()) {
    if (!/\.(go|sql|mod|sum)$/.test(file) || file.endsWith('_test.go') || file.includes('testdata/')) continue;
    if (file.startsWith('cmd/') && !file.startsWith(`cmd/${command}/`)) continue;
    hash.update(`${file}\n`).update(readFileSync(join(daemonFolder(), file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Go keeps its own drafts beside ours, so that whoever builds next finds all that a killed one has left. */
async function compile(path: string, options: BuildOptions, isCurrent: () => boolean): Promise<void> {
  const { command = 'wa-bridge', simulator, signal } = options;
  const draft = `${path}.${process.pid}.draft`;
  const program = join(draft, `program${suffix}`);
  const tags = simulator ? ['-tags', 'simulator'] : [];
  makeFolder(draft, 0o777);
  try {
    await runCompiler('go', ['build', ...tags, ...linking(), '-o', program, `./cmd/${command}`], {
      cwd: daemonFolder(),
      env: { ...goEnvironment(), GOTMPDIR: draft },
      signal,
    });
    if (isCurrent()) renameSync(program, path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function forgetOldest(folder: string): void {
  const builds = readdirSync(folder)
    .filter((name) => /^(wa-bridge|sim-writer)-.*[0-9a-f]{16}(\.exe)?$/.test(name))
    .map((name) => ({ path: join(folder, name), used: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used);
  for (const { path } of builds.slice(keptBuilds)) {
    try {
      rmSync(path, { force: true });
    } catch {
      // it is running, and this system does not remove running programs
    }
  }
}

/** Removes incomplete builds and locks of killed processes. */
function forgetDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /\.(\d+)\.draft$/.exec(name)?.[1] ?? /\.lock\.(\d+)\.[0-9a-z]+$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
