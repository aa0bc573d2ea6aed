import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { AnyTool } from '../tools/define.ts';

type Schema = Record<string, unknown>;

/** What tools/list says of a tool: a pure function of its definition. The pins under test/pins hold the results. */
export function describeTool(tool: AnyTool): Tool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input, 'input') as Tool['inputSchema'],
    outputSchema: schemaOf(z.object({ success: z.literal(true), ...tool.output.shape }), 'output') as NonNullable<
      Tool['outputSchema']
    >,
    annotations: {
      title: tool.title,
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'destructive',
      openWorldHint: tool.openWorld,
    },
  };
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, {
    io,
    override: ({ jsonSchema }) => simplify(jsonSchema as Schema, io),
  });
  return schema;
}

/** Leaves out what says nothing to a model, and in results what would make a client refuse a field it does not know. */
function simplify(schema: Schema, io: 'input' | 'output'): void {
  if (io === 'output' && schema['additionalProperties'] === false) delete schema['additionalProperties'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  delete schema['propertyNames'];
}
