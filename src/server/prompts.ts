import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
  type Prompt,
} from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../domain/errors.ts';
import { chosenMark, shownName } from '../domain/names.ts';
import { type Clock, type Moment, weekdayNameOf, wholeSecond } from '../domain/time/moment.ts';
import { readTime } from '../domain/time/reading.ts';
import type { AnyPrompt } from '../prompts/define.ts';
import type { CompletionSubject } from '../store/reader.ts';
import { quoted, quotedNames } from './arguments/parse.ts';
import type { NameResolver } from './name-resolver.ts';
import { inProtocol, invalidParams, wholeList } from './protocol-error.ts';

const maxArgument = 500;

interface Sources {
  lookup: NameResolver;
  clock: Clock;
}

/** Answers prompts/list and prompts/get. */
export function servePrompts(server: Server, prompts: readonly AnyPrompt[], { lookup, clock }: Sources): void {
  const described = prompts.map(describePrompt);
  server.setRequestHandler(ListPromptsRequestSchema, ({ params }) => wholeList({ prompts: described }, params));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }, { signal }) =>
    getPrompt(promptNamed(prompts, params.name), params.arguments ?? {}, {
      resolve: (subject, text) => lookup.resolve(subject, text, signal),
      now: clock(),
    }),
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

type Resolve = NameResolver['resolve'];

async function getPrompt(
  prompt: AnyPrompt,
  raw: Record<string, string>,
  { resolve, now }: { resolve: Resolve; now: Moment },
): Promise<GetPromptResult> {
  const given = parse(prompt, raw);
  const texts = await Promise.all(
    Object.entries(given).map(async ([name, text]): Promise<[string, string]> => {
      const { completes, isTime } = prompt.arguments[name] ?? {};
      if (typeof completes === 'string') return [name, await inProtocol(addressed(completes, text, resolve))];
      return [name, isTime ? `${words(text)} (${instant(text, now)})` : words(text)];
    }),
  );
  const text = prompt.text(Object.fromEntries(texts));
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
  const long = given.find(([, text]) => text.length > maxArgument);
  if (long) throw invalidParams(`${long[0]} is longer than ${maxArgument} characters.`);
  const filled = Object.fromEntries(given.filter(([, text]) => text !== ''));
  const missing = known.find((name) => prompt.arguments[name]?.required && filled[name] === undefined);
  if (missing) throw invalidParams(`${prompt.name} needs the argument ${missing}.`);
  return filled;
}

/** From when on that is, where it can be read, and what time it is: a model knows neither zone nor day. */
function instant(text: string, now: Moment): string {
  const { zone, ms } = now;
  const reading = readTime(text, now);
  const begin = 'problem' in reading ? '' : `from ${zone.iso(wholeSecond(reading.ms))} on; `;
  return `${begin}now it is ${weekdayNameOf(now)}, ${zone.iso(wholeSecond(ms))}, in ${zone.name}`;
}

/** The user's own words as one quoted line, without invisible characters. */
const words = (text: string): string => JSON.stringify(text.split('\n').map(shownName).join('\n'));

/**
 * The address of a chat, a person or a community, because a name may have been chosen by others and would stand in an
 * instruction. What is no name can only be the user's own words, unless it is marked as another person's.
 */
async function addressed(subject: CompletionSubject, text: string, resolve: Resolve): Promise<string> {
  try {
    return await resolve(subject, text);
  } catch (error) {
    const isUnknown = error instanceof AppError && error.code === 'not_found';
    if (isUnknown && !text.includes(chosenMark)) return words(text);
    throw error;
  }
}
