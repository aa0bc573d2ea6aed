import { describe, expect, test } from 'vitest';
import { goEnvironment, goVersion } from '../../bridges/whatsmeow/build.ts';
import { shownFiles, TreeCopy } from '../support/e2e/tree-copy.ts';

const daemon = 'bridges/whatsmeow/daemon';
const isTest = (path: string): boolean => /[._]test\.\w+$/.test(path);
const hasGo = (await goVersion()) !== undefined;

const written = shownFiles('How to add an operation', ['ts', 'go', 'json']);
const paths = written.map(({ path }) => path);

describe('The operation on the page about the architecture', () => {
  test('has five files over both bridges, besides its tests', () => {
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => !isTest(path))).toHaveLength(5);
    expect(paths.filter(isTest)).toHaveLength(2);
  });

  test('is added by these files, and everything else is made by npm run generate', () => {
    const copy = new TreeCopy();
    copy.add(written);
    copy.generate();
    copy.node('node_modules/typescript-native/bin/tsc');
    const checked = paths.filter((path) => !path.endsWith('.go'));
    copy.node('node_modules/@biomejs/biome/bin/biome', 'check', ...checked, 'bridges/operations', 'bridges/baileys');
    copy.node('--import', 'tsx', 'scripts/imports.ts');
    const form = ['generated', 'pages', 'budgets', 'folders', 'words'].map((name) => `test/form/${name}`);
    const bridges = ['operations', 'whatsmeow/contract', 'baileys/translate/privacy'];
    const tests = [
      ...form,
      ...bridges.map((name) => `test/bridges/${name}`),
      'test/router/routing',
      'test/server/pins',
    ];
    copy.node('node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', '--project', 'wire', ...tests);

    expect(copy.changedByHand()).toEqual([]);
    expect(copy.text('docs/reference.md')).toContain('| `privacy.settings` |');
    expect(copy.text('bridges/whatsmeow/contract/openapi.json')).toContain('"/v1/privacy.settings"');
    if (hasGo) checkGo(copy);
  }, 600_000);
});

/** It is formatted, and served in the shape of the contract. */
function checkGo(copy: TreeCopy): void {
  const sources = paths.filter((path) => path.endsWith('.go'));
  expect(copy.run('gofmt', ['-l', ...sources])).toBe('');
  const go = (...args: string[]) => copy.run('go', args, daemon, goEnvironment());
  go('vet', '-trimpath', './wa/operations');
  expect(go('test', '-trimpath', '-v', './wa/operations', '-run', 'Privacy')).toContain('PASS: TestPrivacySettings');
  expect(go('test', '-trimpath', '-v', './cmd/wa-bridge', '-run', 'TestOperations')).toContain('/privacy.settings');
}
