import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
  type Prompt,
} from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../domain/errors.ts';
import type { AnyPrompt } from '../prompts/define.ts';
import { quoted, quotedNames } from './arguments.ts';
import type { Lookup } from './lookup.ts';
import { inProtocol, invalidParams, wholeList } from './protocol-error.ts';

const longestArgument = 500;

/** Answers prompts/list and prompts/get. */
export function servePrompts(server: Server, prompts: readonly AnyPrompt[], lookup: Lookup): void {
  const described = prompts.map(describePrompt);
  server.setRequestHandler(ListPromptsRequestSchema, ({ params }) => wholeList({ prompts: described }, params));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }, { signal }) =>
    getPrompt(promptNamed(prompts, params.name), params.arguments ?? {}, (text) => lookup.resolve(text, signal)),
  );
}

/** Throws an error of the protocol that names those there are. */
export function promptNamed(prompts: readonly AnyPrompt[], name: string): AnyPrompt {
  const found = prompts.find((prompt) => prompt.name === name);
  if (found) return found;
  const names = prompts.map((prompt) => prompt.name).join(', ');
  throw invalidParams(`There is no prompt ${quoted(name)}. There are: ${names}.`);
}

function describePrompt({ name, title, description, arguments: all }: AnyPrompt): Prompt {
  const args = Object.entries(all).map(([argument, { description: text, required }]) => ({
    name: argument,
    description: text,
    required,
  }));
  return { name, title, description, arguments: args };
}

type Resolve = Lookup['resolve'];

async function getPrompt(prompt: AnyPrompt, raw: Record<string, string>, resolve: Resolve): Promise<GetPromptResult> {
  const given = parse(prompt, raw);
  const words = await Promise.all(
    Object.entries(given).map(async ([name, text]): Promise<[string, string]> => {
      const { completes } = prompt.arguments[name] ?? {};
      const isAddress = completes === 'chats' || completes === 'contacts';
      return [name, isAddress ? await inProtocol(addressed(text, resolve)) : JSON.stringify(text)];
    }),
  );
  const text = prompt.text(Object.fromEntries(words));
  return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}

/** Without what was left empty. */
function parse(prompt: AnyPrompt, raw: Record<string, string>): Record<string, string> {
  const known = Object.keys(prompt.arguments);
  const unknown = Object.keys(raw).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const accepted = known.join(', ');
    throw invalidParams(`${prompt.name} has no argument ${quotedNames(unknown)}. It accepts: ${accepted}.`);
  }
  const given = Object.entries(raw).map(([name, text]): [string, string] => [name, text.trim()]);
  const long = given.find(([, text]) => text.length > longestArgument);
  if (long) throw invalidParams(`${long[0]} is longer than ${longestArgument} characters.`);
  const filled = Object.fromEntries(given.filter(([, text]) => text !== ''));
  const missing = known.find((name) => prompt.arguments[name]?.required && filled[name] === undefined);
  if (missing) throw invalidParams(`${prompt.name} needs the argument ${missing}.`);
  return filled;
}

/**
 * The address of a chat or a person, because a name may have been chosen by others and would stand in an instruction.
 * What nobody is called can only be the user's own words.
 */
async function addressed(text: string, resolve: Resolve): Promise<string> {
  try {
    return await resolve(text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return JSON.stringify(text);
    throw error;
  }
}
