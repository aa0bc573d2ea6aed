import * as z from 'zod';
import { bridgeIds } from '../../../bridges/bridge.ts';
import { type OperationName, operations } from '../../../bridges/operations/catalog.ts';
import { defineTool } from '../define.ts';

const Operation = z.enum(Object.keys(operations) as [OperationName, ...OperationName[]]);
const Bridge = z.enum(bridgeIds);

export const getRoutingInfo = defineTool({
  name: 'get_routing_info',
  title: 'Which bridge answers what',
  description:
    'Shows for each WhatsApp operation which bridges are asked in which order, which one would answer now, and why the others would not. Use it when a tool fails with bridge_unavailable or not_supported. Asks WhatsApp nothing and connects nothing.',
  toolset: 'system',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({ operation: Operation.optional().describe('Only this one; no name of a tool.') }),
  example: {},
  output: z.object({
    operations: z.array(
      z.object({
        operation: Operation,
        summary: z.string(),
        route: z.array(Bridge),
        addressed: z.boolean(),
        served_by: Bridge.nullable(),
        bridges: z.array(z.object({ bridge: Bridge, can_serve: z.boolean(), reason: z.string() })),
      }),
    ),
  }),
  summary: ({ operations: all }) =>
    `${all.length} operations, ${all.filter(({ served_by }) => served_by !== null).length} with a bridge that answers now.`,
  async run({ operation }, { bridges }) {
    await bridges.probe();
    return { operations: bridges.routing(operation).map((route) => ({ ...route, route: [...route.route] })) };
  },
});
