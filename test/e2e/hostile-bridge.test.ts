import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atEnd } from '../support/at-end.ts';
import { serve } from '../support/e2e/client.ts';
import { clientEnv, runProgram, temporaryDir } from '../support/e2e/program.ts';
import { canary, foreignQr, hostileStatus } from '../support/hostile/hostile-program.ts';

const token = 'a'.repeat(64);
const otherUser = 65534;
const isRoot = process.getuid?.() === 0;

/** A program of another user that imitates wa-bridge and records every byte it receives. */
function hostileSource(port: number): string {
  const pairing = { state: 'pairing', qr: foreignQr, seconds_left: 20, message: canary };
  const proof = { nonce: '1'.repeat(64), proof: '2'.repeat(64) };
  const replies = {
    '/v1/hello': proof,
    '/v1/proof': { proven: true },
    '/v1/status': hostileStatus,
    '/v1/operations': { operations: ['connection.pair', 'connection.pairing_status', 'contacts.check'] },
  };
  return `
    const replies = ${JSON.stringify(replies)};
    const server = require('node:http').createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk)).on('end', () => {
        console.log(JSON.stringify([process.getuid?.(), request.method, request.url, request.rawHeaders, body]));
        const text = JSON.stringify(replies[request.url] ?? ${JSON.stringify(pairing)});
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
      });
    });
    server.on('error', (error) => { console.log(error.code); process.exit(1); });
    server.listen(${port}, '127.0.0.1', () => console.log('listens ' + server.address().port));`;
}

interface Hostile {
  child: ChildProcess;
  port: number;
  /** One line for each request. */
  heard(): string[];
}

async function startHostile(port = 0): Promise<Hostile> {
  const user = isRoot ? { uid: otherUser, gid: otherUser } : {};
  const child = spawn(process.execPath, ['-e', hostileSource(port)], { cwd: '/', env: {}, stdio: 'pipe', ...user });
  atEnd(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  await once(child.stdout, 'data');
  const found = Number(/listens (\d+)/.exec(text)?.[1]);
  if (!found) throw new Error(`the hostile program does not listen: ${text}`);
  return { child, port: found, heard: () => text.split('\n').filter((line) => line.startsWith('[')) };
}

/** A data directory whose wa-bridge ran once, and one whose settings and address file point to another program. */
function dataDirOf(note?: object): string {
  const dataDir = join(temporaryDir(), 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  writeFileSync(join(dataDir, 'bridge-token'), token, { mode: 0o600 });
  if (note) writeFileSync(join(dataDir, 'bridge.json'), JSON.stringify(note), { mode: 0o600 });
  return dataDir;
}

/** All requests of a user and an agent with a second bridge, and all that they see. */
async function everything(env: Record<string, string>): Promise<string> {
  const surroundings = clientEnv(temporaryDir(), { ...env, WHATSAPP_BRIDGE: 'whatsmeow' });
  const commands = [['status'], ['status', '--json'], ['doctor'], ['bridge', 'status'], ['login', '--no-open']];
  const shown = await Promise.all(commands.map((args) => runProgram(args, surroundings)));
  const { client } = await serve([], { ...env, WHATSAPP_BRIDGE: 'whatsmeow' });
  const calls = ['backend_status', 'start_pairing', 'get_pairing_status', 'logout_device'];
  for (const name of calls) {
    const args = name === 'backend_status' ? {} : { bridge: 'whatsmeow' };
    shown.push((await client.callTool({ name, arguments: args })) as never);
  }
  return JSON.stringify(shown);
}

function expectNothing(hostile: Hostile, shown: string): void {
  expect(shown).not.toContain(canary);
  expect(shown).not.toContain('"ready"');
  const heard = hostile.heard();
  expect(heard.join()).not.toContain(token);
  expect(new Set(heard.map((line) => (JSON.parse(line) as string[])[2]))).toEqual(new Set(['/v1/hello']));
  if (isRoot) expect(heard[0]).toMatch(`[${otherUser},`);
}

test('a program of another user at the address that a setting names: no command and no tool tells it anything', async () => {
  const hostile = await startHostile();
  const shown = await everything({
    WHATSAPP_DATA_DIR: dataDirOf(),
    WHATSAPP_BRIDGE_URL: `http://127.0.0.1:${hostile.port}`,
  });
  expectNothing(hostile, shown);
  expect(shown).toContain('does not prove');
}, 60_000);

test('a note that leads to it, of a process that runs: the same', async () => {
  const hostile = await startHostile();
  const { startOf } = await import('../../src/system/process.ts');
  const pid = hostile.child.pid ?? 0;
  const note = { pid, start: startOf(pid) ?? '', url: `http://127.0.0.1:${hostile.port}`, simulator: false };
  expectNothing(hostile, await everything({ WHATSAPP_DATA_DIR: dataDirOf(note) }));
}, 60_000);

test('a note of a killed wa-bridge, whose number another process has now, leads nowhere', async () => {
  const hostile = await startHostile();
  const note = { pid: 1, start: 'another boot:1', url: `http://127.0.0.1:${hostile.port}`, simulator: false };
  const shown = await everything({ WHATSAPP_DATA_DIR: dataDirOf(note) });
  expect(shown).not.toContain(canary);
  expect(hostile.heard()).toEqual([]);
}, 60_000);

const usualPortIsFree = await new Promise<boolean>((resolve) => {
  const server = createServer().once('error', () => resolve(false));
  server.listen(8080, '127.0.0.1', () => server.close(() => resolve(true)));
});
if (!usualPortIsFree) process.stderr.write('*** SKIPPED *** a hostile program on port 8080: that port is taken\n');

test.skipIf(!usualPortIsFree)(
  'on the usual port: with a token it learns nothing, and without one it is not even asked',
  async () => {
    const hostile = await startHostile(8080);
    const fresh = join(temporaryDir(), 'data');
    const unasked = await everything({ WHATSAPP_DATA_DIR: fresh });
    expect(unasked).not.toContain(canary);
    expect(unasked).toContain('there is no token in');
    expect(hostile.heard()).toEqual([]);
    expectNothing(hostile, await everything({ WHATSAPP_DATA_DIR: dataDirOf() }));
  },
  90_000,
);
