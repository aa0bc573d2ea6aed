import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ownPackage } from '../src/package.ts';
import { catalog } from '../src/tools/catalog.ts';
import { buildProgram, isBuilt } from './build.ts';
import { bundle } from './bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const native = join('node_modules', 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node');
const messages = 8432;

/** Packs, installs into an empty folder, and runs the demo there as a user would. */
function checkPackage(folder: string): void {
  const { name, version } = ownPackage();
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root);
  const home = join(folder, 'installed');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const tarball = join(folder, `${name}-${version}.tgz`);
  run('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', tarball], home);
  // Compiling better-sqlite3 takes minutes and is not what we check, so this copies the build from here.
  mkdirSync(dirname(join(home, native)), { recursive: true });
  cpSync(join(root, native), join(home, native));
  expect(run('npx', ['--no-install', name, '--version'], home).trim() === version, 'the version of the package');
  const said = run('npx', ['--no-install', name, 'demo'], home);
  expect(said.includes(`Total messages: ${messages}`), 'the demo of the installed package');
}

interface Manifest {
  server: { mcp_config: { command: string; args: string[]; env: Record<string, string> } };
}

/** Bundles, unpacks into an empty folder, and starts the server with the manifest's command. */
async function checkBundle(folder: string): Promise<void> {
  const file = await bundle(folder);
  const place = join(folder, 'unpacked');
  run(join(root, 'node_modules', '.bin', 'mcpb'), ['unpack', file, place], folder);
  const manifest = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')) as Manifest;
  const { command, args, env } = manifest.server.mcp_config;
  const client = new Client({ name: 'check', version: '0' });
  const transport = new StdioClientTransport({
    command,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a client replaces in a manifest
    args: [...args.map((arg) => arg.replaceAll('${__dirname}', place)), '--simulated=synced', '--bridge=baileys'],
    // As a client passes settings that the user left empty.
    env: { ...env, PATH: process.env['PATH'] ?? '', HOME: folder },
    cwd: folder,
  });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    expect(tools.length === catalog.length, 'the tools of the unpacked bundle');
    const { structuredContent } = await client.callTool({ name: 'get_message_statistics', arguments: {} });
    const counted = (structuredContent as Record<string, unknown> | undefined)?.['total_messages'];
    expect(counted === messages, 'a call to the unpacked bundle');
  } finally {
    await client.close();
  }
}

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not as it should be: ${what}`);
  console.log(`ok ${what}`);
}

const folder = mkdtempSync(join(tmpdir(), 'whatsapp-hybrid-mcp-check-'));
try {
  if (!isBuilt()) await buildProgram();
  checkPackage(folder);
  await checkBundle(folder);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
