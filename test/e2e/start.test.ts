import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { atEnd } from '../support/at-end.ts';
import { clientEnv, program, runProgram, startProgram, temporaryDir } from '../support/e2e/program.ts';

const request = (id: number, method: string, params: object = {}) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const clientInfo = { name: 'test', version: '1' };
const initialize = request(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });

/** All messages of a server that receives these lines at once. */
async function told(...lines: string[]) {
  const { code, stdout } = await runProgram(['serve'], clientEnv(temporaryDir()), lines.join(''));
  expect(code).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: number | null; result?: object; error?: { code: number } });
}

test('The client is greeted once, and everything it said in the same breath is answered', async () => {
  const messages = await told(initialize, request(2, 'tools/list'), request(1, 'ping'));
  expect(messages.map(({ id }) => id)).toEqual([1, 2, 1]);
  expect(messages[0]?.result).toMatchObject({ serverInfo: { name: 'whatsapp-hybrid-mcp' } });
  expect(messages[1]?.result).toHaveProperty('tools');
});

test('A first line that is no greeting is answered by the server', async () => {
  const messages = await told('garbage\n', request(3, 'initialize', {}), initialize);
  expect(messages.map(({ id }) => id)).toEqual([null, 3, 1]);
  expect(messages[0]?.error?.code).toBe(-32700);
  expect(messages[1]).toHaveProperty('error');
});

test('Nothing of WhatsApp is loaded to begin a session and to say what there is', async () => {
  // NODE_DEBUG prints every module that is loaded.
  const env = { ...clientEnv(temporaryDir()), NODE_DEBUG: 'esm' };
  const server = startProgram(['serve'], env);
  server.child.stdin?.end(initialize + request(2, 'tools/list'));
  expect((await server.ended).code).toBe(0);
  expect(server.stdout().trim().split('\n')).toHaveLength(2);
  expect(server.stderr()).toContain('simulated-server-');
  expect(server.stderr()).not.toContain('node_modules/@whiskeysockets');
});

test('The client is greeted before SQLite is loaded', async () => {
  const home = temporaryDir();
  const path = join(home, 'output');
  // Both outputs in one file keep their order; NODE_DEBUG prints every module that is loaded.
  const output = openSync(path, 'a');
  const env = { ...clientEnv(home), NODE_DEBUG: 'esm,module' };
  const child = spawn(process.execPath, [program, 'serve'], { env, stdio: ['pipe', output, output] });
  closeSync(output);
  atEnd(() => void child.kill('SIGKILL'));
  const call = request(2, 'tools/call', { name: 'list_chats', arguments: {} });
  child.stdin?.write(`${initialize}{"jsonrpc":"2.0","method":"notifications/initialized"}\n${call}`);
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toMatch(/"id":2/), { timeout: 60_000, interval: 50 });
  const [before = '', after = ''] = readFileSync(path, 'utf8').split('"serverInfo"');
  expect(before).toContain('serve-');
  expect(before).not.toMatch(/better[-_]sqlite3/);
  expect(after).toMatch(/better[-_]sqlite3/);
});
