import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** The text of a result as a client shows it. */
export function textOf(result: CallToolResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
