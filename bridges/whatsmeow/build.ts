import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import envPaths from 'env-paths';
import { ownPackage, packageRoot } from '../../src/package.ts';
import { isRunning } from '../../src/system/process.ts';
import { whileLocked } from './build-lock.ts';
import { runCompiler } from './compiler.ts';

const run = promisify(execFile);

/** Builds of earlier sources are of use while somebody goes back and forth between versions. */
const keptBuilds = 8;

export interface BuildOptions {
  /** Which of the Go programs; wa-bridge unless another is named. */
  command?: 'wa-bridge' | 'sim-writer';
  /** A build that can be led to a simulated WhatsApp; releases cannot. */
  simulator: boolean;
  /** Called when nothing is kept: what follows takes minutes, building or waiting for who builds. */
  onAbsent?: () => void;
  /** Called when the compiler begins. */
  onBuild?: () => void;
  signal?: AbortSignal;
}

/**
 * The path of a Go program, built from the Go sources of this package unless it was before: it is kept in the user's cache,
 * one build for each state of the sources and version of Go. Undefined where there is no Go in the PATH that is new
 * enough. Rejects with what the compiler said, and with the reason of the signal, building or waiting for who builds.
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
    mkdirSync(folder, { recursive: true });
    const make = async () => {
      if (existsSync(path)) return;
      options.onBuild?.();
      // Sources that were edited meanwhile have another key; what was made of half of them is thrown away.
      await compile(path, options, () => path === buildPath(options, go));
      forgetOldest(folder);
      forgetDrafts(folder);
    };
    await whileLocked(`${path}.lock`, make, options);
  }
}

/** Where the build of the sources as they are is kept, if it was made; undefined otherwise, and where there is no Go. */
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

/** For this machine unless another is named; no other Go is downloaded for it, and no C compiler is asked. */
export const goEnvironment = (goos = '', goarch = ''): NodeJS.ProcessEnv => ({
  ...process.env,
  CGO_ENABLED: '0',
  GOTOOLCHAIN: 'local',
  GOOS: goos,
  GOARCH: goarch,
});

/** The version of Go in the PATH; undefined where there is none, or an older one than go.mod asks for. */
export async function goVersion(): Promise<string | undefined> {
  const found = await run('go', ['version'], { env: goEnvironment() }).catch(() => undefined);
  const version = /\bgo(\d+)\.(\d+)\S*/.exec(found?.stdout ?? '');
  const wanted = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(daemonFolder(), 'go.mod'), 'utf8'));
  if (!version || !wanted) return undefined;
  const [major, minor, wantedMajor, wantedMinor] = [version[1], version[2], wanted[1], wanted[2]].map(Number);
  const isNewEnough = major! > wantedMajor! || (major === wantedMajor && minor! >= wantedMinor!);
  return isNewEnough ? version[0] : undefined;
}

/** How a program is made that is handed out: without the paths of this machine and without what only a debugger reads. */
export const linking = (): string[] => ['-trimpath', `-ldflags=-s -w -X main.version=${ownPackage().version}`];

/** What a build is made of; tests and their data are not, nor are other programs. */
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
  mkdirSync(draft, { recursive: true });
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
      // it runs, and this system keeps running programs
    }
  }
}

/** What a process that was killed has half built, and the locks that it was about to take. */
function forgetDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /\.(\d+)\.draft$/.exec(name)?.[1] ?? /\.lock\.(\d+)\.[0-9a-z]+$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
