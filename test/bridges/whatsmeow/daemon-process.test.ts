import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BridgeProcess, startBridge } from '../../../bridges/whatsmeow/daemon-process.ts';
import { isRunning, startOf } from '../../../src/system/process.ts';
import { atEnd } from '../../support/at-end.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { describeWaBridge, waBridgeBinary } from '../../support/wire/wa-bridge.ts';

/** A program made of these shell lines. */
function script(...lines: string[]): string {
  const path = join(temporaryDir(), 'wa-bridge');
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
  return path;
}

test('a file that is not a program is not started again', async () => {
  const refusal = startBridge({ binary: join(temporaryDir(), 'nothing'), flags: [] });
  await expect(refusal).rejects.toMatchObject({
    code: 'bridge_unavailable',
    end: { code: null, isFatal: true, reason: 'the program cannot be run (ENOENT)' },
  });
});

test.each([
  [1, false, 'it ended with exit code 1'],
  [2, true, 'its settings are wrong'],
  [3, true, 'another wa-bridge works on this data directory'],
  [4, true, 'its port is taken by another program'],
  [5, true, 'one of its databases is of a version that it does not know, is damaged or cannot be used'],
])('exit code %i before it listens: fatal is %s', async (code, isFatal, reason) => {
  await expect(startBridge({ binary: script(`exit ${code}`), flags: [] })).rejects.toMatchObject({
    end: { code, isFatal, reason },
    message: `wa-bridge did not start: ${reason}.`,
  });
});

test('it is given its flags, and what it writes is handed on', async () => {
  const lines: string[] = [];
  const binary = script('echo "$@" >&2', 'echo "wa-bridge listens on http://127.0.0.1:4321" >&2', 'cat >/dev/null');
  const bridge = await startBridge({ binary, flags: ['--port', '0'], onLine: (line) => lines.push(line) });
  expect(bridge.url).toBe('http://127.0.0.1:4321');
  expect(lines[0]).toBe('--port 0 --end-with-stdin');
  await bridge.stop();
  await expect(bridge.ended).resolves.toMatchObject({ code: 0 });
});

test('a program that does not end when it is asked to is ended', async () => {
  const binary = script('echo "wa-bridge listens on http://127.0.0.1:4321" >&2', 'while :; do read -r x; done');
  const bridge = await startBridge({ binary, flags: [], endMs: 100 });
  await bridge.stop();
  await expect(bridge.ended).resolves.toMatchObject({ code: null, reason: 'it ended with SIGKILL' });
});

describeWaBridge('The real program', () => {
  const start = (dataDir: string, port = 0): Promise<BridgeProcess> =>
    startBridge({ binary: waBridgeBinary!, flags: ['--data-dir', dataDir, '--port', String(port)] });

  test('says where it listens, answers there, and takes its note with it when it ends', async () => {
    const dataDir = temporaryDir();
    const bridge = await start(dataDir);
    const note = join(dataDir, 'bridge.json');
    expect(JSON.parse(readFileSync(note, 'utf8'))).toMatchObject({
      pid: bridge.pid,
      start: startOf(bridge.pid) ?? '',
      url: bridge.url,
      simulator: false,
    });
    expect((await fetch(`${bridge.url}/healthz`)).status).toBe(200);
    await bridge.stop();
    await expect(bridge.ended).resolves.toEqual({ code: 0, isFatal: false, reason: 'it ended with exit code 0' });
    expect(existsSync(note)).toBe(false);
    await expect(fetch(`${bridge.url}/healthz`)).rejects.toThrow();
  });

  test('says that another one works on the same data, and that a port is taken', async () => {
    const dataDir = temporaryDir();
    const bridge = await start(dataDir);
    await expect(start(dataDir)).rejects.toMatchObject({ end: { code: 3 } });
    await expect(start(temporaryDir(), Number(new URL(bridge.url).port))).rejects.toMatchObject({ end: { code: 4 } });
    bridge.kill();
    await expect(bridge.ended).resolves.toMatchObject({ reason: 'it ended with SIGKILL', isFatal: false });
  });

  test('does not outlive a parent that is killed', async () => {
    const { port, connected } = await messenger();
    const parent = spawn(process.execPath, ['--input-type=module', '-e', parentProgram(temporaryDir(), port)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    atEnd(() => void parent.kill('SIGKILL'));
    const { pid, closed } = await connected;
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await closed;
  });

  /** Starts wa-bridge with a test connection as its stdout, which closes when the last holder is gone. */
  function parentProgram(dataDir: string, port: number): string {
    const flags = ['--data-dir', dataDir, '--port', '0', '--end-with-stdin'];
    return `
      import { spawn } from 'node:child_process';
      import { connect } from 'node:net';
      import { once } from 'node:events';
      const socket = connect(${port}, '127.0.0.1');
      await once(socket, 'connect');
      const child = spawn(${JSON.stringify(waBridgeBinary)}, ${JSON.stringify(flags)}, { stdio: ['pipe', socket, 'pipe'] });
      await once(child.stderr, 'data');
      socket.write(String(child.pid));
    `;
  }

  async function messenger() {
    const server = createServer().listen(0, '127.0.0.1');
    atEnd(() => void server.close());
    await once(server, 'listening');
    const connected = (async () => {
      const [socket] = await once(server, 'connection');
      const closed = once(socket.resume(), 'close');
      const [text] = await once(socket, 'data');
      return { pid: Number(String(text)), closed };
    })();
    return { port: (server.address() as { port: number }).port, connected };
  }
});
