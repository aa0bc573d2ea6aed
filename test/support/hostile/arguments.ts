import { describeTool } from '../../../src/server/describe.ts';
import type { AnyTool } from '../../../src/tools/define.ts';
import { exampleFor } from '../e2e/tool-calls.ts';
import { community, group, messageId, strangers } from './world.ts';

/** What the required arguments of tools mean in the hostile world; of others the tool's own example is taken. */
const meanings: Readonly<Record<string, unknown>> = {
  chat_jid: group,
  community_jid: community,
  contact: strangers[0],
  jid: strangers[0],
  message_id: messageId,
  order_id: '55',
  phones: ['+15550100110'],
  product_id: '71',
  query: 'INJ3CT',
  token: 'dG9rZW4=',
};

/** Arguments with which a tool shows as much as possible of the hostile world. */
export function argumentsFor(tool: AnyTool): Record<string, unknown> {
  const { required = [] } = describeTool(tool).inputSchema as { required?: string[] };
  const example = exampleFor(tool, { id: messageId, chat_jid: group });
  return Object.fromEntries(required.map((name) => [name, meanings[name] ?? example[name]]));
}
