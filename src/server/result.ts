import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Lines } from '../tools/layout.ts';
import { compact } from '../tools/result/compact.ts';
import type { Authorship } from './authorship.ts';
import type { ToolOutcome } from './run.ts';
import { markedText, withNotice } from './untrusted.ts';

/**
 * What the client gets. A success is structured content, the same as lines of text, and a picture where there is one.
 * Clients hand either part to the model, so each is whole and says what other people wrote. A failure is text only,
 * because clients check structured content against the output schema even then.
 */
export function toResult(outcome: ToolOutcome, authorship: Authorship, lines?: Lines): CallToolResult {
  if (!outcome.ok) return { isError: true, content: [text(JSON.stringify(outcome.error))] };
  const value = compact(outcome.value);
  const shown = [outcome.summary, markedText(value, authorship, lines)].join('\n');
  const picture = outcome.image ? [{ type: 'image' as const, ...outcome.image }] : [];
  return { structuredContent: withNotice(value, authorship), content: [text(shown), ...picture] };
}

const text = (content: string) => ({ type: 'text' as const, text: content });
