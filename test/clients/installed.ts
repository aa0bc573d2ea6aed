import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';

/**
 * Other people's clients, in versions that run on Node 20 and Python 3.10. They need several hundred packages, so they
 * are installed outside the checkout.
 */
const npm = { '@modelcontextprotocol/inspector': '2.12.0', '@modelcontextprotocol/conformance': '0.1.13' };
const pip = { mcp: '2.3.0', fastmcp: '4.0.10', jsonschema: '4.26.0' };

/** A folder with the installed clients, or why the installation failed. */
export type Installed = { folder: string } | { missing: string };

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'whatsapp-hybrid-mcp');

/** Clients for Node, in `node_modules/.bin`. */
export const nodeClients = (): Promise<Installed> =>
  installed('node', npm, async (folder) => {
    const packages = Object.entries(npm).map(([name, version]) => `${name}@${version}`);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
    return (await failure('npm', ['install', '--prefix', folder, ...flags, ...packages])) ?? undefined;
  });

/** Client libraries for Python, in an environment with `bin/python`. */
export const pythonClients = (): Promise<Installed> =>
  installed('python', pip, async (folder) => {
    const packages = Object.entries(pip).map(([name, version]) => `${name}==${version}`);
    const python = join(folder, 'bin', 'python');
    return (
      (await failure('python3', [
        '-c',
        'import sys; assert sys.version_info >= (3, 10), "Python is older than 3.10"',
      ])) ??
      (await failure('python3', ['-m', 'venv', folder])) ??
      (await failure(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]))
    );
  });

type Install = (folder: string) => Promise<string | undefined>;

/**
 * Installs each set of versions once, into a new folder that is renamed at the end, so that no run finds an incomplete
 * one.
 */
async function installed(kind: string, packages: Record<string, string>, install: Install): Promise<Installed> {
  const versions = createHash('sha256')
    .update(JSON.stringify([packages, process.version]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `${kind}-clients-${versions}`);
  if (existsSync(folder)) return { folder };
  const fresh = `${folder}.${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true });
    const missing = await install(fresh);
    if (missing !== undefined) return { missing };
    if (!existsSync(folder)) renameSync(fresh, folder);
    return { folder };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function failure(command: string, args: readonly string[]): Promise<string | undefined> {
  const { code, stderr } = await run(command, args, { timeoutMs: 300_000 });
  return code === 0 ? undefined : `${command}: ${stderr.trim().slice(-500) || `exit ${code}`}`;
}
