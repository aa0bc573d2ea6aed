import { catalog } from '../../../src/tools/catalog.ts';
import type { AnyTool } from '../../../src/tools/define.ts';

export type ToolCall = [name: string, args: Record<string, unknown>];

/** A message of the account that the calls are about. */
export interface AnyMessage {
  id: string;
  chat_jid: string;
}

/** Tools that end the link, called at the end of a session. */
const unlinking = ['logout_device', 'start_pairing', 'get_pairing_status', 'cancel_pairing'];

/** The arguments of a tool's own example, about this message. */
export function exampleFor({ example }: Pick<AnyTool, 'example'>, { id, chat_jid }: AnyMessage): ToolCall[1] {
  const stands: Record<string, string> = { $message_id: id, $chat_jid: chat_jid };
  const entries = Object.entries(example).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? (stands[value] ?? value) : value,
  ]);
  return Object.fromEntries(entries);
}

/**
 * One call of every tool, each of which succeeds on the simulated account: in a session of its own, and in this order in
 * one session.
 */
export function toolCalls(message: AnyMessage): ToolCall[] {
  const first = catalog.filter(({ name }) => !unlinking.includes(name));
  const last = unlinking.flatMap((name) => catalog.find((tool) => tool.name === name) ?? []);
  return [...first, ...last].map((tool) => [tool.name, exampleFor(tool, message)]);
}
