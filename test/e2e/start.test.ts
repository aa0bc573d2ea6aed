import { expect, test } from 'vitest';
import { clientEnv, runProgram, startProgram, temporaryDir } from '../support/e2e/program.ts';

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
