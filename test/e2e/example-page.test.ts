import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { clientEnv, program, temporaryDir } from '../support/e2e-program.ts';
import { type Example, examples } from '../support/example-page.ts';

const page = examples();
const names = new Set(catalog.map(({ name }) => name));
const numbered = (...numbers: number[]) => numbers.flatMap((number) => page[number - 1] ?? []);
const runnable = (blocks: Example[]) => blocks.filter(({ awaited }) => awaited.length === 0);

const python = spawnSync('python3', ['--version'], { encoding: 'utf8' });
const hasPython = python.status === 0;
if (!hasPython)
  process.stderr.write('NOT RUN: the examples of docs/hybrid-operations.md, because there is no python3\n');

/** The lines that the page says an example prints. */
const expectedOf = (number: number): string[] => page[number - 1]?.output.split('\n').filter(Boolean) ?? [];

/** What these blocks print, one after the other in one session on a fresh simulated account. */
function run(blocks: Example[]): string {
  const runner = join(packageRoot(), 'test', 'support', 'page-runner.py');
  const { status, stdout, stderr } = spawnSync(
    'python3',
    [runner, process.execPath, program, 'serve', '--simulated', '--bridge=baileys'],
    {
      input: JSON.stringify(blocks),
      encoding: 'utf8',
      env: { ...clientEnv(temporaryDir()), PYTHONIOENCODING: 'utf-8' },
    },
  );
  if (status !== 0) throw new Error(`exit code ${status}: ${stderr}\n${stdout}`);
  return stdout;
}

describe('The page of examples', () => {
  test('has ten, each with its code', () => {
    expect(page.map(({ title }) => title.split(':')[0])).toEqual(page.map((_, index) => `Example ${index + 1}`));
    expect(page).toHaveLength(10);
    expect(page.filter(({ called }) => called.length === 0)).toEqual([]);
  });

  test.each(page)('says of $title which of its tools are not there yet, and only those', ({ called, awaited }) => {
    expect(called.filter((name) => !names.has(name))).toEqual(awaited);
  });
});

describe.runIf(hasPython)('The code on the page', () => {
  test('runs as it stands, in one session: history is watched, set up, searched, and all is well', () => {
    const printed = run(runnable(numbered(6, 3, 1, 2, 8, 9, 10)));
    expect(printed.match(/█+ *░* \d+\.\d%|✅ Sync complete or idle/g)?.length).toBeGreaterThan(0);
    for (const line of expectedOf(3)) expect(printed).toContain(line);
    expect(printed).toContain('✅ History sync complete!\nMessages synced: 8432\n');
    expect(printed).toContain('✅ Sync complete!\nMessages synced: 0\nDuplicates skipped: 0\nFailed: 0\n');
    expect(printed).toMatch(/\[3\/3\] Results: [1-9]\d* matches/);
    expect(printed).toContain('📦 Catalog: 25 products');
    expect(printed.match(/^ {2}Availability: /gm)).toHaveLength(10);
    expect(printed).toContain('✅ System ready for operations');
  });
});
