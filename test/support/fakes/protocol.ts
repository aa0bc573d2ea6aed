import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';

/** Throws at the first line that is not a JSON-RPC message, and on text after the last line end. */
export function expectOnlyProtocol(stdout: string): void {
  const lines = stdout.split('\n');
  const rest = lines.pop();
  if (rest !== '') throw new Error(`stdout ends in the middle of a line: ${rest}`);
  for (const line of lines) {
    const parsed = JSONRPCMessageSchema.safeParse(json(line));
    if (!parsed.success) throw new Error(`stdout carries a line that is not JSON-RPC: ${line.slice(0, 200)}`);
  }
}

/** Removes the partial last line of a killed program. */
export function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
