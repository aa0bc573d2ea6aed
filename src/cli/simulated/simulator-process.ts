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

/**
 * Starts `whatsapp-hybrid-mcp simulator` as a child that lives as long as its stdin, so it ends with this process, even
 * a killed one. Throws `internal` when it ends before it serves.
 */
export async function startSimulatorProcess(options: SimulatorOptions = {}): Promise<SimulatorProcess> {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'main.js'), 'simulator', ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  child.once('exit', () => process.off('exit', stop));
  child.stdin.on('error', () => {});
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new AppError('internal', `The simulator ended before it served (exit ${code})`)),
    );
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line).url));
  });
  return { url, stop };
}
