import { catalog } from '../tools/catalog.ts';
import type { AnyTool } from '../tools/define.ts';

const everyName: ReadonlySet<string> = new Set(catalog.map(({ name }) => name));

/** Rewrites text so that it names no tool outside of these. */
export type Say = (text: string) => string;

/** The names of the catalogue that are not among these tools. */
export function missingFrom(tools: readonly AnyTool[]): ReadonlySet<string> {
  const names = new Set(tools.map(({ name }) => name));
  return new Set([...everyName].filter((name) => !names.has(name)));
}

/** The tools of the catalogue that a text names, in its order; `noun.verb` names an operation and no tool. */
export function toolsIn(text: string): string[] {
  return (text.match(/(?<![\w.])[a-z]+(?:_[a-z]+)+\b/g) ?? []).filter((word) => everyName.has(word));
}

/**
 * For texts of ours that lead an agent to tools: leaves out the sentences that name a tool which is not offered, and the
 * lines of which nothing is left. Cells of a table count as lines of their own.
 */
export function sayWithout(missing: ReadonlySet<string>): Say {
  if (missing.size === 0) return (text) => text;
  const isSayable = (sentence: string) => !toolsIn(sentence).some((name) => missing.has(name));
  const cell = (text: string) =>
    text
      .split(/(?<=[.!?])\s+(?=\S)/)
      .filter(isSayable)
      .join(' ');
  const line = (text: string) => text.split(' | ').map(cell).join(' | ');
  return (text) => {
    const lines = text.split('\n').map((one) => ({ before: one, after: line(one) }));
    const kept = lines.filter(({ before, after }) => before === after || !/^\s*(?:\d+\.|-)?\s*$/.test(after));
    return kept
      .map(({ after }) => after)
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  };
}

/** Says after a next step of ours which of the tools in it are not offered, and who can change that. */
export function stepWithout(step: string, missing: ReadonlySet<string>): string {
  const names = [...new Set(toolsIn(step).filter((name) => missing.has(name)))];
  if (names.length === 0) return step;
  return `${step} (Not offered here: ${names.join(', ')}. Tell the user, whose settings decide it: WHATSAPP_TOOLSETS, WHATSAPP_TOOLS, WHATSAPP_EXCLUDE_TOOLS, WHATSAPP_READ_ONLY.)`;
}
