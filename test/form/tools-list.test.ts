import { expect, test } from 'vitest';
import { describeTool } from '../../src/server/describe.ts';
import { catalog } from '../../src/tools/catalog.ts';

/** What a tool may take on average: 34 tools take 45,000 bytes of tools/list, and a model reads 6,000 tokens of them. */
const bytesPerTool = 45_000 / 34;
const tokensPerTool = 6_000 / 34;

const described = catalog.map(describeTool);

/** The tools with most text, for whoever has to shorten one. */
const longest = (sizes: readonly [name: string, size: number][], unit: string): string => {
  const first = sizes.toSorted(([, a], [, b]) => b - a).slice(0, 5);
  return `shorten descriptions; the longest: ${first.map(([name, size]) => `${name} ${Math.round(size)} ${unit}`).join(', ')}`;
};

test('tools/list is at most 1,323 bytes a tool', () => {
  const bytes = Buffer.byteLength(JSON.stringify({ tools: described }));
  const sizes = described.map((tool): [string, number] => [tool.name, Buffer.byteLength(JSON.stringify(tool))]);
  expect(bytes, longest(sizes, 'bytes')).toBeLessThanOrEqual(bytesPerTool * catalog.length);
  expect(bytes, 'lower the limit to what was reached').toBeGreaterThan(bytesPerTool * catalog.length * 0.95);
});

test('a model is given at most 176 tokens a tool, of four characters: name, title, description and arguments', () => {
  const sizes = described.map(({ name, title, description, inputSchema }): [string, number] => [
    name,
    JSON.stringify({ name, title, description, inputSchema }).length / 4,
  ]);
  const tokens = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(tokens, longest(sizes, 'tokens')).toBeLessThanOrEqual(tokensPerTool * catalog.length);
});
