import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { PlainObject } from '../domain/plain-object.ts';
import type { Lines } from '../tools/layout.ts';
import { compact } from '../tools/result/compact.ts';
import { fieldLines, listHead } from '../tools/result/line.ts';
import type { Authorship } from './authorship.ts';
import type { ToolOutcome, ToolSuccess } from './run.ts';
import { markedText, untrustedNotice } from './untrusted.ts';

/**
 * What the client gets. A success is structured content, the same as lines of text, and a picture where there is one.
 * Clients hand either part to the model, so each is whole and says what other people wrote. A failure is text only,
 * because clients check structured content against the output schema even then.
 */
export function toResult(outcome: ToolOutcome, authorship: Authorship, lines?: Lines): CallToolResult {
  if (!outcome.ok) return { isError: true, content: [text(JSON.stringify(outcome.error))] };
  const shown = show(outcome, authorship, lines);
  const picture = outcome.image ? [{ type: 'image' as const, ...outcome.image }] : [];
  const content = [text(`${outcome.summary}\n${shown.text}`), ...picture];
  return { structuredContent: shown.structured, content };
}

const text = (content: string) => ({ type: 'text' as const, text: content });

/** A result in the two forms that clients get. Either is whole, and says what of it other people wrote. */
export interface Shown {
  /** First the notice of what others wrote, where they wrote some of it. */
  structured: PlainObject;
  /** Lines; what others wrote stands between tags. */
  text: string;
}

/** A result without what goes without saying. Entries of a list are taken as they were rendered for its page. */
export function show({ value, list }: Pick<ToolSuccess, 'value' | 'list'>, by: Authorship, lines: Lines = {}): Shown {
  const names = new Set(list?.names);
  const entries = list && list.shown.length > 0 ? list : undefined;
  const own = compact(list ? { ...value, [list.field]: [] } : value, names, list?.field);
  const theirs = by.theirs.filter((name) => names.has(name));
  const text = Object.entries(own).map(([name, part]) => ({
    isTheirs: theirs.length > 0 && by.outer.has(name),
    lines:
      name === entries?.field ? [listHead(name, lines[name]), ...entries.lines] : fieldLines(name, part, lines[name]),
  }));
  const notice = untrustedNotice(theirs);
  const structured = {
    ...(notice !== undefined && { untrusted_notice: notice }),
    ...own,
    ...(entries && { [entries.field]: entries.shown }),
  };
  return { structured, text: markedText(text) };
}
