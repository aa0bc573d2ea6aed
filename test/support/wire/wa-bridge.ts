import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from 'vitest';
import { buildBridge } from '../../../bridges/whatsmeow/build.ts';
import { atEnd } from '../at-end.ts';

/** The real Go program, built for the simulator; undefined without Go. Built once for all test files. */
export const waBridgeBinary = await buildBridge({ simulator: true });

if (waBridgeBinary === undefined) {
  process.stderr.write('*** SKIPPED *** tests of the real wa-bridge: there is no Go that is new enough in the PATH\n');
}

/** Tests that need the real Go program; skipped, with a line on stderr, where it cannot be built. */
export const describeWaBridge = describe.skipIf(waBridgeBinary === undefined);

export interface WaBridgeOptions {
  dataDir: string;
  /**
   * Address of the document of a simulator; without it the program connects to WhatsApp itself and must not be linked.
   */
  simulatorUrl?: string;
  /** A free port by default. */
  port?: number;
  args?: readonly string[];
}

export interface StartedWaBridge {
  url: string;
  token: string;
  pid: number;
  stderr(): string;
  /** Sends a request with the token; returns the raw response. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Calls one operation; rejects with the program's error when it did not succeed. */
  call(name: string, input?: unknown): Promise<Record<string, unknown>>;
  status(): Promise<Record<string, unknown>>;
  /** SIGKILL; resolves once it has ended. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit code once it has ended. */
  stop(): Promise<number | null>;
}

/**
 * Starts the real program beside the test and stops it at the end. Rejects with the program's error when it does not
 * start.
 */
export async function startWaBridge({ dataDir, simulatorUrl, port = 0, args = [] }: WaBridgeOptions) {
  if (waBridgeBinary === undefined) throw new Error('There is no wa-bridge: use describeWaBridge.');
  const simulator = simulatorUrl === undefined ? [] : ['--simulator', simulatorUrl];
  const flags = ['--data-dir', dataDir, '--port', String(port), ...simulator, ...args];
  const child = spawn(waBridgeBinary, flags, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said += `${line}\n`;
      const found = /^wa-bridge listens on (\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`wa-bridge ended with ${code}: ${said}`)));
  });
  const token = readFileSync(join(dataDir, 'bridge-token'), 'utf8').trim();
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  const started: StartedWaBridge = {
    url,
    token,
    pid: child.pid ?? 0,
    stderr: () => said,
    ...requests(url, token),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
  return started;
}

function requests(url: string, token: string): Pick<StartedWaBridge, 'fetch' | 'call' | 'status'> {
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
    });
  const read = async (response: Response): Promise<Record<string, unknown>> => {
    const body = await response.text();
    if (!response.ok) throw new Error(`wa-bridge answered ${response.status}: ${body}`);
    return JSON.parse(body);
  };
  return {
    fetch: send,
    call: async (name, input = {}) => read(await send(`/v1/${name}`, { method: 'POST', body: JSON.stringify(input) })),
    status: async () => read(await send('/v1/status')),
  };
}
