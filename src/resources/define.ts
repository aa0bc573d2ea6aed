import type { CompletionSubject } from '../store/reader.ts';
import type { AnyTool } from '../tools/define.ts';
import { isShape } from '../tools/result/shape.ts';

const scheme = 'whatsapp://';

/** Something a client can read by its address, without choosing a tool. */
export interface Resource {
  /** Below `whatsapp://`; `{variables}` are arguments of the tool. */
  path: string;
  name: string;
  title: string;
  description: string;
  /** What it says: the result of a tool, which brings its limits, pages and marks along, or a text of ours. */
  content: AnyTool | Guide;
}

export interface Guide {
  /** Markdown. */
  text(): string;
}

export const isTool = (content: AnyTool | Guide): content is AnyTool => 'run' in content;

/** What the arguments with these names mean, for completion. */
export const subjects: Partial<Record<string, CompletionSubject>> = {
  chat_jid: 'chats',
  community_jid: 'communities',
};

export const inPath = ({ path }: Resource): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);

/** Every variable: those in the path, and whatever else the tool takes. */
export function variables(resource: Resource): string[] {
  const taken = isTool(resource.content)
    ? Object.keys(resource.content.input.shape).filter((name) => !isShape(name))
    : [];
  return [...new Set([...inPath(resource), ...taken])];
}

/** The address of one that has none in its path; undefined for the others, which only a template can name. */
export const uriOf = (resource: Resource): string | undefined =>
  inPath(resource).length === 0 ? `${scheme}${resource.path}` : undefined;

/** RFC 6570; undefined for one that takes nothing. */
export function templateOf(resource: Resource): string | undefined {
  const rest = variables(resource).filter((name) => !inPath(resource).includes(name));
  if (variables(resource).length === 0) return undefined;
  return `${scheme}${resource.path}${rest.length === 0 ? '' : `{?${rest.join(',')}}`}`;
}

/** Which resource an address names, and with what; undefined when it names none. Wrong encoding names none. */
export function findResource(
  all: readonly Resource[],
  uri: string,
): { resource: Resource; given: Record<string, string> } | undefined {
  if (!uri.startsWith(scheme)) return undefined;
  const [path = '', query = ''] = uri.slice(scheme.length).split(/\?(.*)/s);
  const segments = path.split('/').map(decoded);
  for (const resource of all) {
    const found = match(resource.path.split('/'), segments);
    if (found) return { resource, given: { ...Object.fromEntries(new URLSearchParams(query)), ...found } };
  }
  return undefined;
}

function match(
  pattern: readonly string[],
  segments: readonly (string | undefined)[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (segment === undefined || segment === '' || (name === undefined && segment !== part)) return undefined;
    if (name !== undefined) found[name] = segment;
  }
  return found;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
