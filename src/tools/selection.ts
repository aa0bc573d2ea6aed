import type { ToolChoice } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { defaultToolsets, toolsets } from '../domain/toolsets.ts';
import type { AnyTool } from './define.ts';

/**
 * The tools that a client is offered, in the order of `all`: those of the chosen groups and those named, without the
 * excluded ones, and of these only what reads where the choice is read-only. Throws `invalid_input` with the known names
 * for a name that does not exist, and when nothing is left.
 */
export function selectTools(all: readonly AnyTool[], choice: ToolChoice): readonly AnyTool[] {
  const names = all.map(({ name }) => name);
  assertKnown('WHATSAPP_TOOLSETS', choice.toolsets, ['default', 'all', ...toolsets]);
  assertKnown('WHATSAPP_TOOLS', choice.tools, names);
  assertKnown('WHATSAPP_EXCLUDE_TOOLS', choice.excluded, names);
  const groups = new Set(chosenGroups(choice));
  const chosen = all.filter(
    ({ name, toolset, effect }) =>
      (groups.has(toolset) || choice.tools.includes(name)) &&
      !choice.excluded.includes(name) &&
      (effect === 'read' || !choice.readOnly),
  );
  if (chosen.length > 0) return chosen;
  throw new AppError(
    'invalid_input',
    'WHATSAPP_TOOLSETS, WHATSAPP_TOOLS, WHATSAPP_EXCLUDE_TOOLS and WHATSAPP_READ_ONLY leave no tool. Leave one of them out.',
  );
}

function chosenGroups({ toolsets: named, tools }: ToolChoice): readonly string[] {
  if (named.length === 0) return tools.length > 0 ? [] : defaultToolsets;
  const words: Record<string, readonly string[]> = { all: toolsets, default: defaultToolsets };
  return named.flatMap((name) => words[name] ?? [name]);
}

function assertKnown(setting: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const shown = unknown.map((name) => JSON.stringify(name.slice(0, 50))).slice(0, 5);
  throw new AppError('invalid_input', `${setting}: there is no ${shown.join(', ')}. There are: ${known.join(', ')}.`);
}
