import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** The text that a client shows of a result. */
export function textOf(result: CallToolResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
