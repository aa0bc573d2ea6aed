import { dirname, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGoSources } from '../../scripts/go-sources.ts';
import { goPackages } from '../../scripts/import-rules.ts';

const daemon = 'bridges/whatsmeow/daemon';
const ownImport = /"whatsapp-hybrid-mcp\/wa-bridge\/([^"]+)"/g;
const rowOf = (name: string): number => goPackages.findIndex((row) => row.includes(name));

/** The imports of a file that its package may not make. */
function wrongImports(path: string, text: string): string[] {
  const own = relative(daemon, dirname(path));
  const imports = [...text.matchAll(ownImport)].map(([, name = '']) => name);
  const isTest = path.endsWith('_test.go');
  return imports
    .filter((name) => !(isTest && name === own) && !(rowOf(name) > -1 && rowOf(name) < rowOf(own)))
    .map((name) => `${path} imports ${name}`);
}

describe('The packages of wa-bridge', () => {
  const sources = [...readGoSources()];

  test('are all in the order of scripts/import-rules.ts', () => {
    const found = new Set(sources.map(([path]) => relative(daemon, dirname(path))));
    expect([...found].sort()).toEqual(goPackages.flat().sort());
  });

  test('import from those before them alone', () => {
    expect(sources.flatMap(([path, text]) => wrongImports(path, text))).toEqual([]);
  });

  test.each([
    ['store/a.go', 'sqlite', 0],
    ['sqlite/a.go', 'store', 1],
    ['sqlite/a.go', 'trust', 1],
    ['store/a.go', 'nowhere', 1],
    ['wa/a_test.go', 'wa', 0],
  ])('%s may import %s: %i faults', (path, name, faults) => {
    const text = `import "whatsapp-hybrid-mcp/wa-bridge/${name}"`;
    expect(wrongImports(`${daemon}/${path}`, text)).toHaveLength(faults);
  });
});
