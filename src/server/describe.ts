import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { AnyTool } from '../tools/define.ts';
import { authorshipOf } from './authorship.ts';

type Schema = Record<string, unknown>;

/** What tools/list says of a tool: a pure function of its definition. The pins under test/pins hold the results. */
export function describeTool(tool: AnyTool): Tool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input, 'input') as Tool['inputSchema'],
    outputSchema: schemaOf(resultOf(tool), 'output') as NonNullable<Tool['outputSchema']>,
    annotations: {
      title: tool.title,
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'destructive',
      openWorldHint: tool.openWorld,
    },
  };
}

/** A success as clients get it: in front, where other people wrote some of it, what says which. */
function resultOf(tool: AnyTool): z.ZodObject {
  const notice = authorshipOf(tool).theirs.length > 0 ? { untrusted_notice: z.string() } : {};
  return z.object({ ...notice, success: z.literal(true), ...tool.output.shape });
}

/** What a schema says of one argument. */
export interface Property {
  type?: string;
  enum?: readonly string[];
}

/** The arguments of a tool, as clients see them. */
export function propertiesOf(tool: AnyTool): Record<string, Property | undefined> {
  return (schemaOf(tool.input, 'input')['properties'] ?? {}) as Record<string, Property | undefined>;
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io });
  return portable(schema, io) as Schema;
}

/**
 * The same schema without what says nothing to a model, what some clients cannot read, and, in results, what would make
 * a client refuse a field it does not know.
 */
function portable(node: unknown, io: 'input' | 'output'): unknown {
  if (Array.isArray(node)) return node.map((item) => portable(item, io));
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node).filter(([key, value]) => !isNoise(key, value, io));
  const { type, ...rest } = Object.fromEntries(entries.map(([key, value]) => [key, portable(value, io)]));
  if (type === undefined) return rest;
  if (!Array.isArray(type)) return { type, ...rest };
  return { anyOf: type.map((one) => (one === 'null' ? { type: one } : { type: one, ...rest })) };
}

function isNoise(key: string, value: unknown, io: 'input' | 'output'): boolean {
  if (key === 'additionalProperties') return io === 'output' && value === false;
  if (key === 'minimum') return value === Number.MIN_SAFE_INTEGER;
  if (key === 'maximum') return value === Number.MAX_SAFE_INTEGER;
  return key === 'propertyNames';
}
