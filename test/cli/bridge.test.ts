import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { bridge } from '../../src/cli/bridge.ts';
import { commands } from '../../src/cli/commands.ts';
import { atEnd } from '../support/at-end.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { describeWaBridge, startWaBridge, waBridgeBinary } from '../support/wire/wa-bridge.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Runs an action on a data directory with the tests' program. */
async function run(
  action: Parameters<typeof bridge>[0],
  dataDir: string,
  more: Record<string, string> = {},
  json = false,
) {
  const said: string[] = [];
  const flags = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_BRIDGE_BIN: waBridgeBinary ?? process.execPath, ...more };
  const terminal = {
    isTty: false,
    draw: () => undefined,
    say: (line = '') => void said.push(line),
    progress: () => ({ update: () => {}, end: () => {} }),
  };
  const code = await bridge(action, flags, { json }, terminal);
  return { code, said: said.join('\n') };
}

test('the command knows four things to do', () => {
  const { argument } = commands.find(({ name }) => name === 'bridge')!;
  expect(argument?.argChoices).toEqual(['run', 'build', 'path', 'status']);
});

test('where it is and what was built are paths on stdout', async () => {
  const named = { WHATSAPP_BRIDGE_BIN: process.execPath };
  expect(await run('path', temporaryDir(), named)).toEqual({ code: 0, said: process.execPath });
  expect(await run('build', temporaryDir(), named)).toEqual({ code: 0, said: process.execPath });
});

test('without a program, a package for this platform and Go it names the ways to one', async () => {
  vi.stubEnv('PATH', temporaryDir());
  const none = { WHATSAPP_BRIDGE_BIN: '' };
  await expect(run('path', temporaryDir(), none)).rejects.toMatchObject({
    nextStep: expect.stringContaining('bridge build'),
  });
  await expect(run('build', temporaryDir(), none)).rejects.toThrow('WHATSAPP_BRIDGE_BIN');
});

describeWaBridge('With the real program', () => {
  test('status says how it is, what was started and what would be', async () => {
    const dataDir = temporaryDir();
    // A port that was free a moment ago, so it is closed.
    const unused = { WHATSAPP_BRIDGE_URL: await freeUrl() };
    const absent = await run('status', dataDir, unused);
    expect(absent).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^wa-bridge: not_configured.*there is no token in/),
    });
    const started = await startWaBridge({ dataDir });
    const { code, said } = await run('status', dataDir, {}, true);
    expect(code).toBe(1); // the daemon runs, but no phone is linked
    expect(JSON.parse(said)).toMatchObject({
      state: 'unlinked',
      linked: false,
      url: started.url,
      pid: started.pid,
      program: { path: waBridgeBinary, from: 'setting' },
    });
    expect((await run('status', dataDir)).said).toContain(`${started.url} (process ${started.pid})`);
  });

  test('a second one is not run on the same data, nor one on a port that is taken', async () => {
    const dataDir = temporaryDir();
    const started = await startWaBridge({ dataDir });
    await expect(run('run', dataDir)).rejects.toThrow(`wa-bridge runs already on ${started.url}`);
    const taken = { WHATSAPP_BRIDGE_URL: started.url };
    await expect(run('run', join(temporaryDir(), 'other'), taken)).rejects.toMatchObject({
      nextStep: expect.stringContaining('--bridge-url'),
    });
  });
});

async function freeUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  atEnd(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
