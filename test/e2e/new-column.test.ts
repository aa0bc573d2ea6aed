import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goEnvironment, goVersion } from '../../bridges/whatsmeow/build.ts';
import { packageRoot } from '../../src/package.ts';
import { knownVersion } from '../../src/store/sqlite/database.ts';
import { testdata } from '../contract/testdata.ts';
import { TreeCopy } from '../support/e2e/tree-copy.ts';

const page = readFileSync(join(packageRoot(), 'docs/architecture.md'), 'utf8');
const section = page.split('## How to add a column')[1]?.split('\n## ')[0] ?? '';

interface Step {
  path: string;
  /** A part of the line to write after; undefined for a new file. */
  after: string | undefined;
  text: string;
}

/** What the page says to write: each block of code, with the file and the line named before it. */
function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const [, before = '', code = ''] of text.matchAll(/([\s\S]*?)```\w+\n([\s\S]*?)```\n/g)) {
    const path = [...before.matchAll(/`([\w/.-]+\/[\w.-]+\.(?:ts|go|sql))`/g)].at(-1)?.[1] ?? steps.at(-1)?.path ?? '';
    steps.push({ path, after: /the line with `([^`]+)`/.exec(before)?.[1], text: code });
  }
  return steps;
}

function take(tree: TreeCopy, { path, after, text }: Step): void {
  if (after === undefined) {
    expect(tree.has(path), path).toBe(false);
    tree.write(path, text);
    return;
  }
  const lines = tree.text(path).split('\n');
  const at = lines.findIndex((line) => line.includes(after));
  expect(at, `${path} has no line with ${after}`).toBeGreaterThan(-1);
  tree.write(path, [...lines.slice(0, at + 1), text.trimEnd(), ...lines.slice(at + 1)].join('\n'));
}

describe('The column on the page about the architecture', () => {
  test('is added by five files and its tests, and everything else is made by npm run generate', async () => {
    const tree = new TreeCopy();
    const next = String(knownVersion() + 1).padStart(3, '0');
    const steps = stepsOf(section.replace(/\/\d{3}_/, `/${next}_`));
    for (const step of steps) take(tree, step);
    const orders = tree.text('test/contract/orders.ts'); // the contract test asks for this
    expect(orders).toContain('quoted_id,');
    tree.write('test/contract/orders.ts', orders.replace('quoted_id,', 'quoted_id, forwarded_count,'));
    tree.generate();
    tree.node('node_modules/typescript-native/bin/tsc');
    const changed = steps.map(({ path }) => path).filter((path) => path.endsWith('.ts'));
    tree.node('node_modules/@biomejs/biome/bin/biome', 'check', 'src/domain', 'src/store', ...changed);
    const tests = [
      'test/store/forwarded-count',
      'test/store/staging',
      'test/store/salvage',
      'test/cli/restore',
      'test/contract',
    ];
    tree.node('node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', ...tests, 'test/form');

    const byHand = new Set([...tree.changedByHand([...(await testdata()).keys()]), ...steps.map(({ path }) => path)]);
    expect([...byHand].filter((path) => !path.startsWith('test/'))).toHaveLength(5);

    if ((await goVersion()) === undefined) return;
    const packages = ['./domain', './store/...', './sqlite', './wa/translate'];
    const sources = steps.map(({ path }) => path).filter((path) => path.endsWith('.go'));
    tree.run('gofmt', ['-w', ...sources]);
    tree.node('node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', 'test/form/go-budgets');
    tree.run('go', ['test', '-trimpath', ...packages], 'bridges/whatsmeow/daemon', goEnvironment());
  }, 600_000);
});
