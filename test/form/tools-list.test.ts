import { expect, test } from 'vitest';
import { describeTool } from '../../src/server/describe.ts';
import { catalog } from '../../src/tools/catalog.ts';

/** Bytes of the whole answer to tools/list. */
const maxBytes = 45_000;
/** Tokens of four characters of what a model is given: name, title, description and arguments. */
const maxTokens = 6_000;

const described = catalog.map(describeTool);

test(`tools/list is at most ${maxBytes / 1000} kB`, () => {
  const bytes = Buffer.byteLength(JSON.stringify({ tools: described }));
  expect(bytes).toBeLessThanOrEqual(maxBytes);
  expect(bytes, 'lower the limit to what was reached').toBeGreaterThan(maxBytes * 0.95);
});

test(`a model is given at most ${maxTokens} tokens of tools`, () => {
  const given = described.map(({ name, title, description, inputSchema }) => ({
    name,
    title,
    description,
    inputSchema,
  }));
  expect(given.reduce((sum, tool) => sum + JSON.stringify(tool).length, 0) / 4).toBeLessThanOrEqual(maxTokens);
});
