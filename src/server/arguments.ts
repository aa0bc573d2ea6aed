import type * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import type { AnyTool } from '../tools/define.ts';

/** A name that a caller made up, safe to show. */
export function quoted(name: string): string {
  return `"${name.replace(/[^\w.-]/g, '?').slice(0, 60)}"`;
}

/**
 * Checks the arguments of a call: null counts as absent, an argument the tool does not know is refused by name.
 * Throws `invalid_input` that says which argument is wrong and what it takes; values never show.
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
    const names = unknown.slice(0, 5).map(quoted).join(', ');
    throw new AppError('invalid_input', `${tool.name} has no argument ${names}. ${accepted}`);
  }
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const parsed = tool.input.safeParse(given);
  if (!parsed.success) throw new AppError('invalid_input', explain(parsed.error));
  return parsed.data;
}

function explain(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}.`).join(' ');
}
