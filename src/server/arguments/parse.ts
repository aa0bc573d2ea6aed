import type * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { AnyTool } from '../../tools/define.ts';
import { coerceArgument } from './coerce.ts';

/** Of what was wrong, an error names so many and counts the rest. */
const maxNamed = 5;
const maxName = 60;

/** A name that a caller made up, safe to show. */
export function quoted(name: string): string {
  return `"${name.slice(0, maxName).replace(/[^\w.-]/g, '?')}"`;
}

/** Names that a caller made up, safe to show and never many. */
export function quotedNames(names: readonly string[]): string {
  return named(names, quoted, ', ');
}

function named<T>(all: readonly T[], name: (one: T) => string, between: string): string {
  const shown = all.slice(0, maxNamed).map(name).join(between);
  return all.length > maxNamed ? `${shown} and ${all.length - maxNamed} more` : shown;
}

/**
 * Checks the arguments of a call: null counts as absent, another type with the same meaning is converted, an argument
 * the tool does not know is refused by name. Throws `invalid_input` that says which argument is wrong and what it takes; values never show.
 */
export function parseArguments(tool: AnyTool, raw: unknown): z.output<AnyTool['input']> {
  if (raw === undefined || raw === null) return parseArguments(tool, {});
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw new AppError('invalid_input', `The arguments of ${tool.name} must be a JSON object.`);
  }
  const known = Object.keys(tool.input.shape);
  const unknown = Object.keys(raw).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const accepted = known.length > 0 ? `It accepts: ${known.join(', ')}.` : 'It takes no arguments.';
    throw new AppError('invalid_input', `${tool.name} has no argument ${quotedNames(unknown)}. ${accepted}`);
  }
  const given = Object.fromEntries(
    Object.entries(raw)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, coerceArgument(tool, name, value)]),
  );
  const parsed = tool.input.safeParse(given);
  if (!parsed.success) throw new AppError('invalid_input', explain(parsed.error));
  return parsed.data;
}

/** The path of an issue is made of the tool's own names and of positions in lists. */
function explain(error: z.ZodError): string {
  const sentence = ({ path, message }: z.core.$ZodIssue) => `${path.join('.') || 'arguments'}: ${message}.`;
  return named(error.issues, sentence, ' ');
}
