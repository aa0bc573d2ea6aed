import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { atEnd } from '../at-end.ts';
import { compiled } from '../setup/compiled.ts';

export interface Message {
  id?: number | string | null;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
}

/** A process of serve-fake.ts, initialized, with every line of its stdout read as JSON-RPC. */
export async function serveFake(behaviour = '') {
  const child = spawn(process.execPath, [compiled({ file: 'test/support/e2e/serve-fake.ts' }), behaviour]);
  atEnd(() => void child.kill('SIGKILL'));
  const messages: Message[] = [];
  const heard = new Set<() => void>();
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout).on('line', (line) => {
    messages.push(parsed(line));
    for (const listener of heard) listener();
  });
  const answer = (wanted: (message: Message) => boolean): Promise<Message> =>
    new Promise((resolve) => {
      let seen = 0;
      const look = () => {
        const found = messages.slice(seen).find(wanted);
        seen = messages.length;
        if (!found) return;
        heard.delete(look);
        resolve(found);
      };
      heard.add(look);
      look();
    });
  /** All in one write. */
  const send = (...all: object[]) =>
    child.stdin.write(all.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, at: Date.now() }));

  const clientInfo = { name: 'test', version: '0' };
  send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  await answer(({ id }) => id === 0);
  send({ method: 'notifications/initialized' });
  return { child, lines, messages, send, answer, ended, stderr: () => stderr };
}

/** The output may end with half a line; elsewhere an empty message reveals an invalid line. */
function parsed(line: string): Message {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
