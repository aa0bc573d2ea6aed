import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  type ReadResourceResult,
} from '@modelcontextprotocol/sdk/types.js';
import { findResource, isTool, type Resource, templateOf, uriOf } from '../resources/define.ts';
import type { AnyTool } from '../tools/define.ts';
import { authorshipOf } from './authorship.ts';
import { propertiesOf } from './describe.ts';
import { ProtocolError, resourceNotFound, toProtocolError, wholeList } from './protocol-error.ts';
import { show } from './result.ts';
import type { RunOptions, RunTool, ToolOutcome } from './run.ts';

/** Every argument in it, cursor included, at its longest and encoded. */
const maxUri = 10_000;

/** Answers resources/list, resources/templates/list and resources/read. */
export function serveResources(server: Server, resources: readonly Resource[], runTool: RunTool): void {
  const list = resources.flatMap((resource) => {
    const uri = uriOf(resource);
    return uri === undefined ? [] : [{ uri, ...describeResource(resource) }];
  });
  const templates = resources.flatMap((resource) => {
    const uriTemplate = templateOf(resource);
    return uriTemplate === undefined ? [] : [{ uriTemplate, ...describeResource(resource) }];
  });
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => wholeList({ resources: list }, params));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, ({ params }) =>
    wholeList({ resourceTemplates: templates }, params),
  );
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, { signal }) =>
    read(resources, params.uri, runTool, { signal }),
  );
}

const describeResource = (resource: Resource) => ({
  name: resource.name,
  title: resource.title,
  description: resource.description,
  mimeType: mimeType(resource),
});

/** Text with marks around what others wrote is no JSON any more. */
function mimeType({ content }: Resource): string {
  if (!isTool(content)) return 'text/markdown';
  return isMarked(content) ? 'text/plain' : 'application/json';
}

const isMarked = (tool: AnyTool): boolean => authorshipOf(tool).theirs.length > 0;

async function read(
  all: readonly Resource[],
  uri: string,
  runTool: RunTool,
  options: RunOptions,
): Promise<ReadResourceResult> {
  const found = uri.length > maxUri ? undefined : findResource(all, uri);
  if (!found) {
    const hint = 'resources/list and resources/templates/list show the addresses that can be read.';
    const shown = uri.slice(0, maxUri);
    throw new ProtocolError(resourceNotFound, 'There is no resource with this address.', { uri: shown, hint });
  }
  const { resource, given } = found;
  const { content } = resource;
  const text = isTool(content)
    ? await readTool(content, given, uri, (args) => runTool(content.name, args, options))
    : content.text();
  return { contents: [{ uri, mimeType: mimeType(resource), text }] };
}

type Run = (args: Record<string, unknown>) => Promise<ToolOutcome>;

async function readTool(tool: AnyTool, given: Record<string, string>, uri: string, run: Run): Promise<string> {
  const outcome = await run(typed(tool, given));
  if (!outcome.ok) throw toProtocolError(outcome.error, { uri });
  const { structured, text } = show(outcome, authorshipOf(tool), tool.lines);
  if (!isMarked(tool)) return JSON.stringify(structured);
  const next = outcome.value['next_cursor'];
  const more = typeof next === 'string' ? [`The next page: ${withCursor(uri, next)}`] : [];
  return [outcome.summary, ...more, text].join('\n');
}

/** Addresses carry text alone: numbers and truth values become what the tool wants, the rest is for the tool to judge. */
function typed(tool: AnyTool, given: Record<string, string>): Record<string, unknown> {
  const properties = propertiesOf(tool);
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const type = properties[name]?.type;
      if (type === 'boolean' && /^(true|false)$/.test(text)) return [name, text === 'true'];
      if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return [name, Number(text)];
      return [name, text];
    }),
  );
}

function withCursor(uri: string, cursor: string): string {
  const [path = '', query = ''] = uri.split(/\?(.*)/s);
  const params = new URLSearchParams(query);
  params.set('cursor', cursor);
  return `${path}?${params}`;
}
