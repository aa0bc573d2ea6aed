import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeTool } from '../../src/server/describe.ts';
import { defineTool } from '../../src/tools/define.ts';

const tool = defineTool({
  name: 'a_tool',
  title: 'A tool',
  description: 'A tool of this test.',
  toolset: 'system',
  effect: 'destructive',
  openWorld: true,
  uses: [],
  input: z.object({
    count: z.number().int().min(2).default(5).describe('How many.'),
    page: z.number().int().min(1).optional(),
    name: z.string().optional(),
  }),
  example: {},
  output: z.object({
    type: z.enum(['a', 'b']).nullable().describe('A kind.'),
    total: z.number().int(),
    counts: z.record(z.string(), z.number().int()),
    list: z.array(z.object({ name: z.string().nullable() })),
  }),
  summary: () => '',
  run: () => ({ type: null, total: 0, counts: {}, list: [] }),
});

describe('the description of a tool', () => {
  const { inputSchema, outputSchema, annotations } = describeTool(tool);

  it('has arguments that are strict, with their defaults and meanings, and no bound that goes without saying', () => {
    expect(inputSchema).toEqual({
      type: 'object',
      properties: {
        count: { type: 'integer', minimum: 2, default: 5, description: 'How many.' },
        page: { type: 'integer' },
        name: { type: 'string' },
      },
      additionalProperties: false,
    });
  });

  it('has a result that is open, says success, names what is in lists, and promises what always stands', () => {
    expect(outputSchema).toEqual({
      type: 'object',
      properties: {
        untrusted_notice: {},
        success: { const: true },
        type: {},
        total: { type: 'integer' },
        counts: {},
        list: { items: { properties: { name: {} } } },
      },
      required: ['success', 'total'],
    });
  });

  it('has hints that follow from the effect', () => {
    expect(annotations).toEqual({ title: 'A tool', readOnlyHint: false, destructiveHint: true, openWorldHint: true });
  });
});
