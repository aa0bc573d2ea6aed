import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/tools/catalog.ts';
import { examples, hasPython, runExamples, runnable } from '../support/e2e/example-page.ts';
import { clientEnv, temporaryDir } from '../support/e2e/program.ts';
import { waBridgeBinary } from '../support/wire/wa-bridge.ts';

const page = examples();
const names = new Set(catalog.map(({ name }) => name));

/** The lines that the page shows as an example's output. */
const expectedOf = (number: number): string[] => page[number - 1]?.output.split('\n').filter(Boolean) ?? [];

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
    const printed = runExamples(
      runnable(page, 6, 3, 1, 2, 8, 9, 10),
      ['--simulated', '--bridge=baileys'],
      clientEnv(temporaryDir()),
    );
    expect(printed.match(/█+ *░* \d+\.\d%|✅ Sync complete or idle/g)?.length).toBeGreaterThan(0);
    for (const line of expectedOf(3)) expect(printed).toContain(line);
    expect(printed).toContain('✅ History sync complete!\nMessages synced: 8432\n');
    expect(printed).toContain('✅ Sync complete!\nMessages synced: 0\nDuplicates skipped: 0\nFailed: 0\n');
    expect(printed).toMatch(/\[3\/3\] Results: [1-9]\d* matches/);
    expect(printed).toContain('📦 Catalog: 25 products');
    expect(printed.match(/^ {2}Availability: /gm)).toHaveLength(10);
    expect(printed).toContain('✅ System ready for operations');
  });

  test.skipIf(waBridgeBinary === undefined)('shows no failure anywhere where both bridges are linked', () => {
    const tmp = temporaryDir();
    // The home of the user who runs the tests, which has the cache of Go builds.
    const env = { ...clientEnv(process.env['HOME'] ?? ''), TMPDIR: tmp };
    const printed = runExamples(runnable(page, 10, 8, 9, 6, 3, 1, 2, 10), ['--simulated=synced'], env);
    const health = [
      'Overall: ✅ Healthy',
      'Go Bridge (8080): ✅',
      'Baileys Bridge (8081): ✅',
      'Total messages: 8432',
      'Total chats: 67',
      '✅ Sync idle',
      'Active checkpoints: 67',
      '✅ System ready for operations',
      'Proceeding with operations...',
    ];
    const parts = printed.split(/^=== /m).slice(1);
    expect(parts.map((part) => part.split(':')[0])).toEqual([10, 8, 9, 6, 3, 1, 2, 10].map((one) => `Example ${one}`));
    for (const line of health) {
      expect(parts[0]?.split('\n')).toContain(line);
      expect(parts.at(-1)?.split('\n')).toContain(line);
    }
    for (const line of expectedOf(3).filter((one) => !/^✅ Synced/.test(one))) expect(parts[4]).toContain(line);
    expect(printed.split('\n').filter((line) => /[❌⚠✗]/u.test(line))).toEqual([]);
  });
});
