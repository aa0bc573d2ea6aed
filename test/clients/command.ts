import { spawn } from 'node:child_process';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Options {
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
}

/** Runs a command to its end; without an exit code when it cannot start or times out. */
export function run(command: string, args: readonly string[], options: Options = {}): Promise<Ran> {
  const { cwd, env = {}, timeoutMs = 120_000 } = options;
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The same for a command that must succeed; returns its output. */
export async function expectRun(...command: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...command);
  if (code === 0) return stdout;
  throw new Error(`${command[1].join(' ')}: exit ${code}\n${stdout.slice(-1_500)}\n${stderr.slice(-1_500)}`);
}
