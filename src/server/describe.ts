import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { AnyTool } from '../tools/define.ts';
import { alwaysStands } from '../tools/result/compact.ts';
import { authorshipOf } from './authorship.ts';

type Schema = Record<string, unknown>;

/** What tools/list says of a tool: a pure function of its definition. The pins under test/pins hold the results. */
export function describeTool(tool: AnyTool): Tool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input, 'input') as Tool['inputSchema'],
    outputSchema: outlineOf(resultOf(tool)),
    annotations: {
      title: tool.title,
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'destructive',
      openWorldHint: tool.openWorld,
    },
  };
}

/** The whole schema of a success, which the reference shows. */
export const resultSchema = (tool: AnyTool): Record<string, unknown> => schemaOf(resultOf(tool), 'output');

/** A success as clients get it: in front, where other people wrote some of it, what says which. */
function resultOf(tool: AnyTool): z.ZodObject {
  const notice = authorshipOf(tool).theirs.length > 0 ? { untrusted_notice: z.string().optional() } : {};
  return z.object({ ...notice, success: z.literal(true), ...tool.output.shape });
}

/**
 * The schema of a result. It promises what always stands, and says the type of that alone; for the rest it has names, those
 * below included. Whatever more it said would cost every client at the start of every conversation.
 */
function outlineOf(result: z.ZodObject): NonNullable<Tool['outputSchema']> {
  const { properties = {}, required: given = [] } = z.toJSONSchema(result, { io: 'output' }) as Node;
  const required = given.filter((name) => isPromised(name, properties[name] ?? {}));
  const fields = Object.entries(properties).map(([name, node]) => [name, outline(node, required.includes(name))]);
  return { type: 'object', properties: Object.fromEntries(fields), required };
}

interface Node {
  type?: string | string[];
  const?: unknown;
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
}

/** What is never null, and never left out for being false or empty. */
function isPromised(name: string, { type, const: fixed, anyOf }: Node): boolean {
  if ([type].flat().includes('null') || anyOf?.some((one) => one.type === 'null')) return false;
  if (fixed !== undefined || alwaysStands(name)) return true;
  return type === 'number' || type === 'integer';
}

function outline(node: Node, isPromised: boolean): object {
  const { type, const: fixed, items, properties } = present(node);
  if (fixed !== undefined) return { const: fixed };
  const only = isPromised && [type].flat().find((one) => one !== 'null');
  return {
    ...(only && !properties && { type: only }),
    ...(items && present(items).properties && { items: names(items) }),
    ...(properties && names(node)),
  };
}

/** The fields of an object, and of the objects and lists in it as far as one level down. */
function names(node: Node, levels = 1): object {
  const { properties = {} } = present(node);
  const inner = (part: Node) => {
    if (levels === 0) return {};
    const { items, properties: below } = present(part);
    if (items && present(items).properties) return { items: names(items, levels - 1) };
    return below ? names(part, levels - 1) : {};
  };
  return { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, inner(part)])) };
}

/** The schema of a field that is there: null is left out of results. */
const present = (node: Node): Node => node.anyOf?.find((one) => one.type !== 'null') ?? node;

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
  // That a number is no less than 0 or 1 goes without saying.
  if (key === 'minimum') return value === Number.MIN_SAFE_INTEGER || (io === 'input' && (value === 0 || value === 1));
  if (key === 'maximum') return value === Number.MAX_SAFE_INTEGER;
  if (io === 'input' && /^(?:minLength|maxLength|pattern)$/.test(key)) return true; // a text beyond these is a mistake
  return key === 'propertyNames';
}
