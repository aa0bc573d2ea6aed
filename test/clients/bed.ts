import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type AnyMessage, type ToolCall, toolCalls } from '../support/e2e/tool-calls.ts';
import { Wire } from './wire.ts';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const tap = fileURLToPath(new URL('tap.ts', import.meta.url));

/** After this long without news, history counts as complete: long enough to watch and stop a call that waits for it. */
const endless = ['--simulated=fresh', '--bridge=baileys', '--history-quiet-seconds', '600'];

/** Creating and linking an account takes long on a busy machine. */
const timeoutMs = 180_000;

/** The shared setup of all clients. */
export interface Bed {
  /** Removed after the run, with everything in it. */
  home: string;
  env: Record<string, string>;
  chatJid: string;
  calls: ToolCall[];
  close(): void;
}

/** A folder for the run, and one sample call of every tool. */
export async function createBed(): Promise<Bed> {
  const home = mkdtempSync(join(tmpdir(), 'whatsapp-hybrid-mcp-clients-'));
  const message = await anyMessage(home);
  return {
    home,
    env: { HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
    chatJid: message.chat_jid,
    calls: toolCalls(message),
    close: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The command that starts a server on a linked account, on one whose history never completes, or on none. */
export function serverCommand(account: 'synced' | 'endless' | 'none'): string[] {
  const flags = { synced: ['--simulated=synced', '--bridge=baileys'], endless, none: [] }[account];
  return [process.execPath, program, 'serve', ...flags];
}

/** The same, with its traffic recorded on its own wire. */
export function tapped(bed: Bed, name: string, command: readonly string[]): { wire: Wire; command: string[] } {
  const socket = join(bed.home, `${name}.sock`);
  const tapCommand = [process.execPath, '--import', import.meta.resolve('tsx'), tap, socket, ...command];
  return { wire: new Wire(socket), command: tapCommand };
}

/** The simulated world is the same in every run, and so is this message. */
async function anyMessage(home: string): Promise<AnyMessage> {
  return connected(serverCommand('synced'), home, async (call) => {
    const { messages } = await call('query_synced_messages', { content: 'birthday', limit: 1 });
    const [message] = messages as AnyMessage[];
    if (!message) throw new Error('the simulated account has no such message');
    return message;
  });
}

type Call = (name: string, args: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** Uses a server through the client of the SDK, and stops it. A failed call throws. */
export async function connected<T>(
  command: readonly string[],
  home: string,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const [program = '', ...args] = command;
  const client = new Client({ name: 'bed', version: '1' });
  const env = { HOME: home, PATH: process.env['PATH'] ?? '' };
  await client.connect(new StdioClientTransport({ command: program, args, env }));
  try {
    return await work(async (name, given) => {
      const result = await client.callTool({ name, arguments: given }, undefined, { timeout: timeoutMs });
      if (result.isError) throw new Error(`${name} failed: ${JSON.stringify(result.content)}`);
      return result.structuredContent as Record<string, unknown>;
    });
  } finally {
    await client.close();
  }
}
