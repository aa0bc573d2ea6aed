import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { prompts } from '../prompts/catalog.ts';
import type { AnyPrompt } from '../prompts/define.ts';
import { resources } from '../resources/catalog.ts';
import { isTool, type Resource } from '../resources/define.ts';
import { catalog } from '../tools/catalog.ts';
import type { AnyTool } from '../tools/define.ts';
import { describeTool } from './describe.ts';
import { instructions } from './instructions.ts';
import { missingFrom, type Say, sayWithout, toolsIn } from './withheld.ts';

/** Everything that a client learns about these tools. No text in it names a tool that is not among them. */
export interface Offer {
  tools: Tool[];
  prompts: readonly AnyPrompt[];
  resources: readonly Resource[];
  instructions: string;
}

const readers: ReadonlySet<string> = new Set(catalog.filter(({ effect }) => effect === 'read').map(({ name }) => name));

/** A prompt is there when every reading tool is that it leads to, a resource when the tool is from which it comes. */
export function offerOf(tools: readonly AnyTool[]): Offer {
  const missing = missingFrom(tools);
  const say = sayWithout(missing);
  return {
    tools: tools.map((tool) => withText(describeTool(tool), say)),
    prompts: prompts
      .filter((prompt) => !toolsOf(prompt).some((name) => readers.has(name) && missing.has(name)))
      .map((prompt) => ({ ...prompt, text: (given) => say(prompt.text(given)) })),
    resources: resources
      .filter(({ content }) => !isTool(content) || !missing.has(content.name))
      .map((resource) => withGuide(resource, say)),
    instructions: say(instructions),
  };
}

/** Those that a prompt names with all of its arguments, or with none. */
function toolsOf(prompt: AnyPrompt): string[] {
  const all = Object.fromEntries(Object.keys(prompt.arguments).map((name) => [name, name]));
  return [...toolsIn(prompt.text(all)), ...toolsIn(prompt.text({}))];
}

function withGuide(resource: Resource, say: Say): Resource {
  const { content } = resource;
  return isTool(content) ? resource : { ...resource, content: { text: () => say(content.text()) } };
}

/** The same definition with every description said anew. */
function withText<T>(node: T, say: Say): T {
  if (Array.isArray(node)) return node.map((item) => withText(item, say)) as T;
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => [
    key,
    key === 'description' && typeof value === 'string' ? say(value) : withText(value, say),
  ]);
  return Object.fromEntries(entries) as T;
}
