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
  input: z.object({ count: z.number().int().min(1).default(5).describe('How many.'), name: z.string().optional() }),
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

  it('has arguments that are strict, with their defaults and meanings', () => {
    expect(inputSchema).toEqual({
      type: 'object',
      properties: {
        count: { type: 'integer', minimum: 1, default: 5, description: 'How many.' },
        name: { type: 'string' },
      },
      additionalProperties: false,
    });
  });

  it('has a result that is open, says success, and spells null so that every client can read it', () => {
    const text = { anyOf: [{ type: 'string' }, { type: 'null' }] };
    expect(outputSchema).toMatchObject({
      type: 'object',
      properties: {
        success: { const: true },
        type: { description: 'A kind.' },
        total: { type: 'integer' },
        counts: { type: 'object', additionalProperties: { type: 'integer' } },
        list: { type: 'array', items: { type: 'object', properties: { name: text } } },
      },
      required: ['untrusted_notice', 'success', 'type', 'total', 'counts', 'list'],
    });
    expect(JSON.stringify(outputSchema)).not.toMatch(/false|\$schema|9007199254740991|propertyNames|"type":\[/);
  });

  it('has hints that follow from the effect', () => {
    expect(annotations).toEqual({ title: 'A tool', readOnlyHint: false, destructiveHint: true, openWorldHint: true });
  });
});
