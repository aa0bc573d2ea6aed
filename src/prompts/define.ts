import type { CompletionSubject } from '../store/reader.ts';

export interface PromptArgument {
  description: string;
  required: boolean;
  /** What can be offered while the user types: chats, people or communities, or these words. */
  completes?: CompletionSubject | readonly string[];
  /** It is a time from which on something is wanted; where it can be read, the prompt names the instant. */
  isTime?: true;
}

/** `text` gets each argument as one quoted line, a chat, person or community that is known as its address. */
type Given<A extends Record<string, PromptArgument>> = {
  [K in keyof A]: A[K]['required'] extends true ? string : string | undefined;
};

/** A request that a user picks from a menu. It tells the agent which tools to call; nothing in it was written by others. */
export interface Prompt<A extends Record<string, PromptArgument>> {
  name: string;
  title: string;
  description: string;
  arguments: A;
  text(given: Given<A>): string;
}

export type AnyPrompt = Prompt<Record<string, PromptArgument>>;

export function definePrompt<const A extends Record<string, PromptArgument>>(prompt: Prompt<A>): AnyPrompt {
  return prompt as unknown as AnyPrompt; // the catalogue is heterogeneous
}
