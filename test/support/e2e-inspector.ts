import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const inspector = ['-y', '@modelcontextprotocol/inspector@2.12.0'];
const target = ['node', 'dist/main.js', 'serve', '--simulated=synced'];

export interface Inspected {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * The command-line client of the MCP Inspector, which is not ours. Every call starts it, and it starts the server.
 * `home` keeps its files out of the user's home.
 */
export function inspect(args: readonly string[], home: string): Promise<Inspected> {
  return npx([...inspector, '--cli', ...target, ...args], home);
}

/** Why the Inspector cannot be had here; undefined when it can. */
export async function inspectorMissing(home: string): Promise<string | undefined> {
  const { code, stderr } = await npx([...inspector, '--version'], home);
  return code === 0 ? undefined : stderr.trim().slice(0, 500);
}

function npx(args: readonly string[], home: string): Promise<Inspected> {
  const cache = process.env['npm_config_cache'] ?? join(homedir(), '.npm');
  const env = { ...process.env, HOME: home, npm_config_cache: cache };
  const child = spawn('npx', args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
