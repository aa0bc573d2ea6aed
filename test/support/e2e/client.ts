import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, Progress } from '@modelcontextprotocol/sdk/types.js';
import { atEnd } from '../at-end.ts';
import { expectOnlyProtocol, wholeLines } from '../fakes/protocol.ts';
import { checkedSchemas } from '../setup/checked-schemas.ts';
import {
  clientEnv,
  type Ended,
  type OtherProgram,
  type StartedProgram,
  startProgram,
  temporaryDir,
} from './program.ts';

export type Answer = Record<string, unknown>;

export interface ServedClient {
  client: Client;
  server: StartedProgram;
  /** The structured result of a successful call; throws with the server's text otherwise. */
  call(name: string, args?: Answer, onprogress?: (progress: Progress) => void): Promise<Answer>;
  /** The error body of a failed call; throws when it succeeded. */
  failure(name: string, args?: Answer): Promise<Answer>;
  /** Ends the server's input and waits; `ms` is the time that took. */
  end(): Promise<Ended & { ms: number }>;
}

/** Generous timeouts for a busy machine. */
const generousTimeout = { timeout: 240_000 };

/** The SDK's own client on a started server. At the end of the test, stdout must contain only JSON-RPC. */
export async function serve(
  args: readonly string[],
  env: Record<string, string> = {},
  other?: OtherProgram,
): Promise<ServedClient> {
  const server = startProgram(['serve', ...args], clientEnv(temporaryDir(), env), other);
  const client = new Client({ name: 'test', version: '1' }, { jsonSchemaValidator: checkedSchemas });
  atEnd(async () => {
    server.child.stdin?.end();
    server.child.kill();
    await server.ended;
    // A killed server may leave half a line.
    expectOnlyProtocol(server.child.signalCode === 'SIGKILL' ? wholeLines(server.stdout()) : server.stdout());
  });
  await client.connect(new ProgramTransport(server), generousTimeout);
  await client.listTools({}, generousTimeout); // after this the client checks every result against its tool's output schema
  return { client, server, ...calls(client), end: () => end(server) };
}

function calls(client: Client): Pick<ServedClient, 'call' | 'failure'> {
  const run = async (name: string, args: Answer = {}, onprogress?: (progress: Progress) => void) => {
    const options = { ...generousTimeout, resetTimeoutOnProgress: true, ...(onprogress && { onprogress }) };
    const result = await client.callTool({ name, arguments: args }, undefined, options);
    const [content] = result.content as { type: string; text: string }[];
    return { result, text: content?.text ?? '' };
  };
  return {
    async call(name, args, onprogress) {
      const { result, text } = await run(name, args, onprogress);
      if (result.isError) throw new Error(`${name} failed: ${text}`);
      return result.structuredContent as Answer;
    },
    async failure(name, args) {
      const { result, text } = await run(name, args);
      if (!result.isError || result.structuredContent !== undefined) throw new Error(`${name} did not fail: ${text}`);
      return JSON.parse(text) as Answer;
    },
  };
}

async function end(server: StartedProgram): Promise<Ended & { ms: number }> {
  const from = performance.now();
  server.child.stdin?.end();
  const ended = await server.ended;
  return { ...ended, ms: performance.now() - from };
}

/** Like the SDK's transport, on a process whose raw output the test keeps. */
class ProgramTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private readonly server: StartedProgram;

  constructor(server: StartedProgram) {
    this.server = server;
  }

  async start(): Promise<void> {
    const buffer = new ReadBuffer();
    this.server.child.stdout?.on('data', (text: string) => {
      buffer.append(Buffer.from(text));
      for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage())
        this.onmessage?.(message);
    });
    void this.server.ended.then(() => this.onclose?.());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.server.child.stdin?.write(serializeMessage(message));
  }

  async close(): Promise<void> {
    this.server.child.stdin?.end();
    await this.server.ended;
  }
}
