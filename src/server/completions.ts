import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { type CompleteRequest, CompleteRequestSchema, type CompleteResult } from '@modelcontextprotocol/sdk/types.js';
import type { AnyPrompt } from '../prompts/define.ts';
import { isTool, type Resource, subjects, templateOf, variables } from '../resources/define.ts';
import type { Completion, CompletionSubject } from '../store/reader.ts';
import { quoted } from './arguments/parse.ts';
import { propertiesOf } from './describe.ts';
import type { NameResolver } from './name-resolver.ts';
import { promptNamed } from './prompts.ts';
import { inProtocol, invalidParams } from './protocol-error.ts';

interface Completable {
  prompts: readonly AnyPrompt[];
  resources: readonly Resource[];
}

const maxTyped = 500;

/** Chats, people, communities, a closed list of words, or nothing that could be offered. */
type Choice = CompletionSubject | readonly string[];

/** Answers completion/complete for the arguments of prompts and the variables of resource templates. */
export function serveCompletions(server: Server, completable: Completable, lookup: NameResolver): void {
  server.setRequestHandler(CompleteRequestSchema, async ({ params }, { signal }): Promise<CompleteResult> => {
    const choice = choiceFor(completable, params);
    const { values, total } = await offered(choice, params.argument.value, (...asked) =>
      lookup.complete(...asked, signal),
    );
    return { completion: { values, total, hasMore: total > values.length } };
  });
}

function choiceFor({ prompts, resources }: Completable, { ref, argument }: CompleteRequest['params']): Choice {
  if (ref.type === 'ref/prompt') {
    const known = promptNamed(prompts, ref.name).arguments[argument.name];
    if (!known) throw invalidParams(`${ref.name} has no argument ${quoted(argument.name)}.`);
    return known.completes ?? [];
  }
  const resource = resources.find((one) => templateOf(one) === ref.uri);
  if (!resource)
    throw invalidParams('There is no resource template with this URI; resources/templates/list shows them.');
  if (!variables(resource).includes(argument.name)) {
    throw invalidParams(`The template of ${resource.name} has no variable ${quoted(argument.name)}.`);
  }
  return subjects[argument.name] ?? (isTool(resource.content) ? wordsFor(resource.content, argument.name) : []);
}

function wordsFor(tool: Parameters<typeof propertiesOf>[0], name: string): readonly string[] {
  const property = propertiesOf(tool)[name];
  if (property?.type === 'boolean') return ['true', 'false'];
  return property?.enum ?? [];
}

type Complete = (subject: CompletionSubject, typed: string) => Promise<Completion>;

async function offered(choice: Choice, typed: string, complete: Complete): Promise<Completion> {
  if (typed.length > maxTyped) return { values: [], total: 0 }; // nothing here is as long
  if (typeof choice === 'string') return inProtocol(complete(choice, typed));
  const values = choice.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()));
  return { values, total: values.length };
}
