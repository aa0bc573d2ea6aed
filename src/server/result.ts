import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Authorship } from './authorship.ts';
import type { ToolOutcome } from './run.ts';
import { markedText, withNotice } from './untrusted.ts';

const textCharacters = 4_000;

/**
 * What the client gets. A success is structured content, the same as text, and a picture where there is one; either part
 * says what other people wrote. A failure is text only, because clients check structured content against the output
 * schema even then.
 */
export function toResult(outcome: ToolOutcome, authorship: Authorship): CallToolResult {
  if (!outcome.ok) return { isError: true, content: [text(JSON.stringify(outcome.error))] };
  const { shown, note } = shorten(outcome.value);
  const parts = [outcome.summary, note, markedText(shown, authorship)].filter((part) => part !== undefined);
  const picture = outcome.image ? [{ type: 'image' as const, ...outcome.image }] : [];
  return { structuredContent: withNotice(outcome.value, authorship), content: [text(parts.join('\n')), ...picture] };
}

const text = (content: string) => ({ type: 'text' as const, text: content });

interface Shortened {
  shown: Record<string, unknown>;
  note?: string;
}

/** Takes entries off the ends of the lists, longest first, until the whole fits; structured content carries them all. */
function shorten(value: Record<string, unknown>): Shortened {
  const shown = { ...value };
  const cut: string[] = [];
  for (const [name, list] of listsBySize(value)) {
    if (JSON.stringify(shown).length <= textCharacters) break;
    const spare = textCharacters - JSON.stringify({ ...shown, [name]: [] }).length;
    const kept = list.slice(0, Math.max(1, fitting(list, spare)));
    if (kept.length === list.length) continue;
    shown[name] = kept;
    cut.push(`${kept.length} of ${list.length} ${name}`);
  }
  if (cut.length === 0) return { shown };
  return { shown, note: `This text shows ${cut.join(' and ')}; structuredContent has all. Without it, ask for fewer.` };
}

function listsBySize(value: Record<string, unknown>): [string, unknown[]][] {
  const size = (list: unknown[]) => JSON.stringify(list).length;
  return Object.entries(value)
    .filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
    .sort(([, a], [, b]) => size(b) - size(a));
}

function fitting(list: readonly unknown[], characters: number): number {
  let used = 0;
  const over = list.findIndex((entry) => {
    used += JSON.stringify(entry).length + 1;
    return used > characters;
  });
  return over === -1 ? list.length : over;
}
