import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type CallToolRequest,
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { packageRoot } from '../config.ts';
import type { Clock } from '../domain/time/moment.ts';
import type { AnyTool } from '../tools/define.ts';
import { authorshipOf, nobody } from './authorship.ts';
import { serveCompletions } from './completions.ts';
import { dated } from './instructions.ts';
import type { NameResolver } from './name-resolver.ts';
import { offerOf } from './offer.ts';
import { createProgress } from './progress.ts';
import { servePrompts } from './prompts.ts';
import { wholeList } from './protocol-error.ts';
import { serveResources } from './resources.ts';
import { toResult } from './result.ts';
import type { RunOptions, RunTool } from './run.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export interface ServerParts {
  catalog: readonly AnyTool[];
  runTool: RunTool;
  lookup: NameResolver;
  clock: Clock;
}

/**
 * The MCP server of a catalogue: it describes tools, prompts and resources and passes calls on; connect it to a
 * transport. The instructions name the day on which it is created: the client asks for them first.
 */
export function createServer({ catalog, runTool, lookup, clock }: ServerParts): Server {
  const { tools, prompts, resources, instructions } = offerOf(catalog);
  const byName = new Map(catalog.map((tool) => [tool.name, tool]));
  const server = new Server(
    { name: 'whatsapp-hybrid-mcp', title: 'WhatsApp', version: packageVersion() },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions: dated(instructions, clock()),
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => wholeList({ tools }, params));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const outcome = await withProgress(params, extra, (options) => runTool(params.name, params.arguments, options));
    const tool = byName.get(params.name);
    return toResult(outcome, tool ? authorshipOf(tool) : nobody, tool?.lines);
  });
  servePrompts(server, prompts, { lookup, clock });
  serveResources(server, resources, runTool);
  serveCompletions(server, { prompts, resources }, lookup);
  return server;
}

type Params = CallToolRequest['params'];

/** Gives the call a place to report to when the client asked for progress, and stops reporting when it has ended. */
async function withProgress<T>(params: Params, extra: Extra, work: (options: RunOptions) => Promise<T>): Promise<T> {
  const { signal } = extra;
  const token = params._meta?.progressToken;
  if (token === undefined) return work({ signal });
  const progress = createProgress(token, (report) => {
    // A client that is gone hears no progress; its closing is noticed by the transport.
    extra.sendNotification({ method: 'notifications/progress', params: report }).catch(() => {});
  });
  return work({ signal, progress: progress.report }).finally(progress.stop);
}

function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
}
