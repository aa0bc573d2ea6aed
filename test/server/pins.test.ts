import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/config.ts';
import { errorCodes } from '../../src/domain/errors.ts';
import { describeTool } from '../../src/server/describe.ts';
import { catalog } from '../../src/tools/catalog.ts';

const folder = join(packageRoot(), 'test', 'pins');
const pinned = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));

// What clients have learnt of us: a change here is a change for all of them. `npm run generate` writes the tools anew.
describe('what clients rely on', () => {
  it.each(catalog.map((tool) => [tool.name, tool] as const))('the definition of %s is the pinned one', (name, tool) => {
    expect(JSON.parse(JSON.stringify(describeTool(tool)))).toEqual(pinned(`tools/${name}.json`));
  });

  it('no tool is gone that is pinned', () => {
    expect(readdirSync(join(folder, 'tools')).sort()).toEqual(catalog.map(({ name }) => `${name}.json`));
  });

  it('the error codes, what they are on the wire and whether to repeat', () => {
    const codes = Object.entries(errorCodes).map(([code, { status, retryable }]) => [code, { status, retryable }]);
    expect(Object.fromEntries(codes)).toEqual(pinned('error-codes.json'));
  });
});
