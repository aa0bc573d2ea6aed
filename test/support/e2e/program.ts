import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../at-end.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const program = join(root, 'dist', 'main.js');

/** A directory that is removed at the end of the test. */
export function temporaryDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'whatsapp-hybrid-mcp-test-'));
  atEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** The environment that MCP clients give a server, in UTC, with its own home folder and the test's additions. */
export function clientEnv(home: string, env: Record<string, string> = {}): Record<string, string> {
  return { HOME: home, PATH: process.env['PATH'] ?? '', TMPDIR: home, TZ: 'UTC', ...env };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface StartedProgram {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves once the program has ended and its output is read. */
  ended: Promise<Ended>;
}

/** A program other than the built one, with options for Node; it can send messages to its parent. */
export interface OtherProgram {
  node: readonly string[];
  entry: string;
}

function spawned(args: readonly string[], env: Record<string, string>, other?: OtherProgram): ChildProcess {
  if (!other) return spawn(process.execPath, [program, ...args], { env, cwd: tmpdir(), stdio: 'pipe' });
  const stdio = ['pipe', 'pipe', 'pipe', 'ipc'] as const;
  return spawn(process.execPath, [...other.node, other.entry, ...args], { env, cwd: root, stdio: [...stdio] });
}

const programs: StartedProgram[] = [];

/** Every program that this process has started, oldest first, with its output. */
export const startedPrograms = (): readonly StartedProgram[] => programs;

/** Disables the second bridge, which needs a program built by Go, unless a test enables it. */
function withoutSecondBridge(args: readonly string[], env: Record<string, string>): Record<string, string> {
  const isSimulated = args.some((arg) => arg === 'demo' || arg.startsWith('--simulated'));
  return isSimulated ? { WHATSAPP_BRIDGE: 'baileys', ...env } : env;
}

/** Starts the built program, or another one, and kills it at the end of the test if it still runs. */
export function startProgram(
  args: readonly string[],
  env: Record<string, string>,
  other?: OtherProgram,
): StartedProgram {
  const child = spawned(args, withoutSecondBridge(args, env), other);
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin?.on('error', () => {}); // the program may exit before it has read everything
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  atEnd(() => void child.kill('SIGKILL'));
  const running = { child, stdout: () => stdout, stderr: () => stderr, ended };
  programs.push(running);
  return running;
}

/** Runs a command to its end. */
export async function runProgram(args: readonly string[], env: Record<string, string>, input = '') {
  const started = startProgram(args, env);
  started.child.stdin?.end(input);
  const ended = await started.ended;
  return { ...ended, stdout: started.stdout(), stderr: started.stderr() };
}
