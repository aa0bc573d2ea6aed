import { describeTool } from '../../../src/server/describe.ts';
import type { AnyTool } from '../../../src/tools/define.ts';
import { community, group, messageId, strangers } from './world.ts';

/** Values of the tools' required arguments in the hostile world; a new argument must be added here. */
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
  return Object.fromEntries(
    required.map((name) => {
      if (!(name in meanings)) throw new Error(`What is ${name} of ${tool.name} in the hostile world?`);
      return [name, meanings[name]];
    }),
  );
}
