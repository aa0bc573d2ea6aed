import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { type App, createApp } from '../../../src/app.ts';
import type { ToolChoice } from '../../../src/config.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Services } from '../../../src/services.ts';
import { catalog } from '../../../src/tools/catalog.ts';
import { textOf } from '../rows/result-text.ts';
import { checkedSchemas } from '../setup/checked-schemas.ts';
import { testConfig } from './config.ts';
import { fakeServices } from './fake-services.ts';
import { quietLog } from './quiet-log.ts';

export interface Connection {
  app: App;
  client: Client;
  /** Lines of the log. */
  lines: string[];
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
  /** The value of a success, without the notice before it; fails the test on an error. */
  succeed(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The body of an error; fails the test on a success. */
  fail(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** A real MCP client connected in memory to the real server over the test's services. */
export async function connect(
  services: Services = fakeServices(),
  tools = catalog,
  now: () => number = Date.now,
  choice: Partial<ToolChoice> = {},
  { timeZone, wallClock }: { timeZone?: string; wallClock?: () => number } = {},
): Promise<Connection> {
  const { log, lines } = quietLog();
  const config = testConfig();
  const app = createApp(
    { ...config, tools: { ...config.tools, ...choice }, ...(timeZone && { timeZone }) },
    { services, log, tools, now, ...(wallClock && { wallClock }) },
  );
  const server = createServer({
    catalog: app.offered.tools,
    runTool: app.offered.runTool,
    lookup: app.lookup,
    clock: app.clock,
  });
  const client = new Client({ name: 'test', version: '0' }, { jsonSchemaValidator: checkedSchemas });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  await client.listTools(); // after this the client checks every result against its output schema

  const call: Connection['call'] = async (name, args = {}) =>
    (await client.callTool({ name, arguments: args })) as CallToolResult;
  return {
    app,
    client,
    lines,
    call,
    async succeed(name, args) {
      const result = await call(name, args);
      if (result.isError) throw new Error(textOf(result));
      const { untrusted_notice: _, ...value } = result.structuredContent as Record<string, unknown>;
      return value;
    },
    async fail(name, args) {
      const result = await call(name, args);
      if (!result.isError) throw new Error(`${name} succeeded`);
      return JSON.parse(textOf(result));
    },
  };
}
