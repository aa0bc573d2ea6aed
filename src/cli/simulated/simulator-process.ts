import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';

export interface SimulatorProcess {
  /** Address of its document. */
  url: string;
  /** Ends it at once; safe to call twice and while this process exits. */
  stop(): void;
}

export interface SimulatorOptions {
  messages?: number;
  seed?: number;
}

/** How much of its words are kept, in characters. */
const maxSaid = 10_000;

/** A command that refuses ends with two lines: the reason and the next step. Anything else is a defect. */
function endOf(said: string, code: number | null): AppError {
  const [reason = '', hint = ''] = said.trim().split('\n').slice(-2);
  if (code !== 1 || hint === '' || /^\s*at /m.test(said)) {
    return new AppError('internal', `The simulator ended before it served (exit ${code})`);
  }
  return new AppError('bridge_unavailable', `The simulator did not start: ${reason}`, { hint, retryable: false });
}

/**
 * Starts `whatsapp-hybrid-mcp simulator` as a child that lives as long as its stdin, so it ends with this process, even
 * a killed one. When it ends before it serves, throws `bridge_unavailable` with the reason it gave, or `internal`.
 */
export async function startSimulatorProcess(options: SimulatorOptions = {}): Promise<SimulatorProcess> {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'main.js'), 'simulator', ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  child.once('exit', () => process.off('exit', stop));
  child.stdin.on('error', () => {});
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    if (said.length < maxSaid) said += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(endOf(said, code)));
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line).url));
  });
  return { url, stop };
}
