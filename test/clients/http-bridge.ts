import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

export interface HttpBridge {
  url: string;
  close(): Promise<void>;
}

/**
 * Offers a server on stdio to clients that only use HTTP: one process per session, messages passed on unchanged.
 * Listens on this machine only, which ready-made bridges do not offer.
 */
export async function startHttpBridge(command: readonly string[], env: Record<string, string>): Promise<HttpBridge> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await join(transport, command, env);
    return transport;
  };
  const server = createServer((request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']));
    void (async () => (known ?? (await open())).handleRequest(request, response))();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Connects a session to a server process; each ends with the other. */
async function join(transport: StreamableHTTPServerTransport, command: readonly string[], env: Record<string, string>) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  transport.onmessage = (message) => void child.stdin.write(`${JSON.stringify(message)}\n`);
  transport.onclose = () => void child.stdin.end();
  createInterface({ input: child.stdout }).on('line', (line) => void transport.send(JSON.parse(line)).catch(() => {}));
  child.once('close', () => void transport.close());
  await transport.start();
}
