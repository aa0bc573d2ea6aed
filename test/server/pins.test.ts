import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pinOf } from '../../scripts/generate.ts';
import { packageRoot } from '../../src/config.ts';
import { errorCodes } from '../../src/domain/errors.ts';
import { describeTool } from '../../src/server/describe.ts';
import { catalog } from '../../src/tools/catalog.ts';

const root = packageRoot();
const pinned = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

// What clients have learnt of us: a change here is a change for all of them. `npm run generate` writes the tools anew.
describe('what clients rely on', () => {
  it.each(catalog.map((tool) => [tool.name, tool] as const))(
    'the definition of %s is the pinned one',
    (_name, tool) => {
      expect(JSON.parse(JSON.stringify(describeTool(tool)))).toEqual(pinned(pinOf(tool)));
    },
  );

  it('no tool is gone that is pinned', () => {
    const folder = 'test/pins/tools';
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    const pins = files
      .filter((file) => file.endsWith('.json'))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
    expect(pins.sort()).toEqual(catalog.map(pinOf).sort());
  });

  it('the error codes, what they are on the wire and whether to repeat', () => {
    const codes = Object.entries(errorCodes).map(([code, { status, retryable }]) => [code, { status, retryable }]);
    expect(Object.fromEntries(codes)).toEqual(pinned('test/pins/error-codes.json'));
  });
});
