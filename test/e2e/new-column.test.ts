import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.ts';
import { copyOfTree, type TreeCopy } from '../support/e2e/tree-copy.ts';
import { waBridgeBinary } from '../support/wire/wa-bridge.ts';

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

function take({ read, write, paths }: TreeCopy, { path, after, text }: Step): void {
  if (after === undefined) {
    expect(paths).not.toContain(path);
    write(path, text);
    return;
  }
  const lines = read(path).split('\n');
  const at = lines.findIndex((line) => line.includes(after));
  expect(at, `${path} has no line with ${after}`).toBeGreaterThan(-1);
  write(path, [...lines.slice(0, at + 1), text.trimEnd(), ...lines.slice(at + 1)].join('\n'));
}

describe('The column on the page about the architecture', () => {
  test('is added by six files and its tests, and everything else is made by npm run generate', async () => {
    const tree = copyOfTree();
    const steps = stepsOf(section);
    for (const step of steps) take(tree, step);
    const orders = tree.read('test/contract/orders.ts'); // the contract test asks for this
    tree.write(
      'test/contract/orders.ts',
      orders.replace('quoted_id, forwarded,', 'quoted_id, forwarded_count, forwarded,'),
    );
    tree.run('--import', 'tsx', 'scripts/generate.ts');
    tree.run('node_modules/typescript-native/bin/tsc');
    const changed = steps.map(({ path }) => path).filter((path) => path.endsWith('.ts'));
    tree.run('node_modules/@biomejs/biome/bin/biome', 'check', 'src/domain', 'src/store', ...changed);
    const tests = ['test/store/forwarded-count', 'test/store/staging', 'test/contract', 'test/form/sql-rules'];
    tree.run('node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', ...tests, 'test/form/generated');

    const byHand = new Set([...(await tree.changedByHand()), ...steps.map(({ path }) => path)]);
    expect([...byHand].filter((path) => !path.startsWith('test/'))).toHaveLength(6);

    if (waBridgeBinary === undefined) return; // no Go here
    const packages = ['./domain', './store/...', './sqlite', './wa/translate'];
    const cwd = join(tree.dir, 'bridges/whatsmeow/daemon');
    const { status, stdout, stderr } = spawnSync('go', ['test', ...packages], { cwd, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });
});
