import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseArguments } from '../../../src/server/arguments/parse.ts';
import { catalog } from '../../../src/tools/catalog.ts';
import { defineTool, type Effect } from '../../../src/tools/define.ts';
import { limit } from '../../../src/tools/params.ts';
import { timeArguments } from '../../../src/tools/time-range.ts';

const toolOf = (effect: Effect) =>
  defineTool({
    name: 'a_tool',
    title: 'A tool',
    description: 'A tool of this test.',
    toolset: 'system',
    effect,
    openWorld: false,
    uses: [],
    input: z.object({
      text: z.string().optional(),
      limit: limit(50),
      seconds: z.number().optional(),
      flag: z.boolean().optional(),
      order: z.enum(['last_active', 'name']).default('name'),
      numbers: z.array(z.number()).optional(),
      phones: z.array(z.string()).optional(),
      after: timeArguments.after_time,
    }),
    example: {},
    output: z.object({}),
    summary: () => '',
    run: () => ({}),
  });
const tool = toolOf('read');
const accepted = (args: object) => parseArguments(tool, args);
const refused = (args: object) =>
  expect(() => accepted(args)).toThrow(expect.objectContaining({ code: 'invalid_input' }));

describe('An argument in another type with the same meaning', () => {
  test.each([
    [{ limit: '10' }, { limit: 10 }],
    [{ limit: ' 10 ' }, { limit: 10 }],
    [{ limit: '10.0' }, { limit: 10 }],
    [{ seconds: '-1.5' }, { seconds: -1.5 }],
    [{ flag: 'true' }, { flag: true }],
    [{ flag: 'False' }, { flag: false }],
    [{ flag: ' FALSE ' }, { flag: false }],
    [{ text: 15550100001 }, { text: '15550100001' }],
    [{ order: 'Last_Active' }, { order: 'last_active' }],
    [{ phones: '["+15550100001", "+15550100002"]' }, { phones: ['+15550100001', '+15550100002'] }],
    [{ phones: '+15550100001' }, { phones: ['+15550100001'] }],
    [{ phones: [15550100001] }, { phones: ['15550100001'] }],
    [{ phones: 15550100001 }, { phones: ['15550100001'] }],
    [{ numbers: '[1, "2"]' }, { numbers: [1, 2] }],
  ])('%j is taken as %j', (args, wanted) => {
    expect(accepted(args)).toMatchObject(wanted);
  });

  test.each([
    { limit: 'ten' },
    { limit: '1e2' },
    { limit: '0x10' },
    { limit: '10.5' },
    { limit: '501' },
    { limit: true },
    { limit: '9'.repeat(400) },
    { flag: 'yes' },
    { flag: '1' },
    { flag: 1 },
    { flag: 'false!' },
    { text: 1.5 },
    { text: 2 ** 60 },
    { text: true },
    { text: {} },
    { order: 'nme' },
    { numbers: '[1, ' },
    { numbers: '{"a": 1}' },
    { numbers: 'x' },
    { phones: true },
  ])('%j is refused', (args) => refused(args));
});

describe('Empty text', () => {
  test('is absent for an optional argument, whatever its type', () => {
    const blank = { text: '', limit: ' ', flag: '', order: '', numbers: '', phones: '\n', after: '' };
    expect(accepted(blank)).toEqual({ limit: 50, order: 'name' });
  });

  test('is refused for a required one', () => {
    const required = defineTool({
      ...toolOf('read'),
      input: z.object({ chat: z.string().min(1) }),
      example: { chat: 'a' },
    });
    expect(() => parseArguments(required, { chat: '' })).toThrow(/^chat: /);
  });
});

test('A destructive tool takes a boolean only', () => {
  const destructive = toolOf('destructive');
  expect(() => parseArguments(destructive, { flag: 'true' })).toThrow(/^flag: /);
  expect(parseArguments(destructive, { flag: true, limit: '3' })).toMatchObject({ flag: true, limit: 3 });
});

test('Every argument of the catalog has a type that is converted, and keeps the values of the examples', () => {
  for (const known of catalog) {
    const asText = Object.entries(known.example).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? JSON.stringify(value)
        : typeof value === 'boolean' && known.effect === 'destructive'
          ? value
          : String(value),
    ]);
    expect(parseArguments(known, Object.fromEntries(asText))).toEqual(parseArguments(known, known.example));
  }
});
