import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { atEnd } from '../../support/at-end.ts';
import { clientEnv, program, temporaryDir } from '../../support/e2e/program.ts';

const limitWords = /too few files open/;
const nextStep = /ulimit -n 1024/;

/** The built program in a process that may have only so many files open. */
function limited(files: number, args: readonly string[]) {
  const home = temporaryDir();
  const env = clientEnv(home, { WHATSAPP_DATA_DIR: home, WHATSAPP_BRIDGE: 'baileys' });
  const line = ['-c', `ulimit -n ${files} && exec "$@"`, 'sh', process.execPath, program, ...args];
  const child = spawn('sh', line, { env, stdio: 'pipe' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, stderr: () => stderr };
}

const request = (id: number, method: string, params: object) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const clientInfo = { name: 'test', version: '1' };

/** The text of a tool's answer; throws what the server said when it ended instead. */
async function answerOf(files: number, args: readonly string[], name: string) {
  const { child, ended, stderr } = limited(files, args);
  child.stdin.write(request(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }));
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  child.stdin.write(request(2, 'tools/call', { name, arguments: {} }));
  let text: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    const { id, result } = JSON.parse(line) as { id: number; result: { content: { text: string }[] } };
    if (id !== 2) continue;
    text = result.content[0]?.text;
    child.stdin.end();
  }
  await ended;
  if (text === undefined) throw new Error(stderr());
  return { text, stderr: stderr() };
}

/** Node 20 opens all files that a module imports at once; later versions may open fewer. */
const isNode20 = process.version.startsWith('v20.');

describe.runIf(process.platform !== 'win32')('A process that may have few files open', () => {
  test('reads with 64, and reports no defect where that is too few', async () => {
    expect((await answerOf(64, ['serve'], 'list_chats')).text).toContain('0 of 0 chats');
    for (const args of [['serve'], ['serve', '--simulated']]) {
      expect((await answerOf(64, args, 'start_pairing')).text).not.toContain('"internal"');
    }
  });

  test.runIf(isNode20)('says with 64 why it cannot connect, and what to do', async () => {
    const { text } = await answerOf(64, ['serve'], 'start_pairing');
    expect(JSON.parse(text)).toMatchObject({ error_code: 'store_unavailable', retryable: false });
    expect(text).toMatch(limitWords);
    expect(text).toMatch(nextStep);
  });

  test.runIf(isNode20)('says with 64 why a simulation does not start, without a stack', async () => {
    const { text, stderr } = await answerOf(64, ['serve', '--simulated'], 'backend_status');
    expect(JSON.parse(text)).toMatchObject({ error_code: 'bridge_unavailable', retryable: false });
    expect(text).toMatch(limitWords);
    expect(text).toMatch(nextStep);
    expect(stderr).toMatch(limitWords);
    expect(stderr).not.toMatch(/^\s+at |Error:/m);
  });

  test.runIf(isNode20).each([20, 22])('ends with words where %i are too few to start', async (files) => {
    const { ended, stderr, child } = limited(files, ['serve']);
    child.stdin.on('error', () => {}).end(request(1, 'ping', {}));
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(limitWords);
    expect(stderr()).toMatch(nextStep);
    expect(stderr()).not.toMatch(/^\s+at |Error:/m);
  });
});
