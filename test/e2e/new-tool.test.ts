import { describe, expect, test } from 'vitest';
import { shownFiles, TreeCopy } from '../support/e2e/tree-copy.ts';

describe('The tools on the page about the architecture', () => {
  test('are added by one source and one test each, and everything else is made by npm run generate', () => {
    const written = shownFiles('How to add a tool', ['ts']);
    const paths = written.map(({ path }) => path);
    expect(paths).toEqual([
      ...['src/tools/chats/age.ts', 'test/tools/chats/age.test.ts'],
      ...['src/tools/communities/admins.ts', 'test/tools/communities/admins.test.ts'],
    ]);
    const copy = new TreeCopy();
    copy.add(written);
    copy.generate();
    copy.node('node_modules/typescript-native/bin/tsc');
    copy.node('node_modules/@biomejs/biome/bin/biome', 'check', ...paths);
    copy.node('--import', 'tsx', 'scripts/imports.ts');
    const server = ['authorship', 'hostile.', 'limits', 'pins'].map((name) => `test/server/${name}`);
    const tests = ['test/form/generated', 'test/form/pages', 'test/form/budgets', 'test/tools', ...server];
    copy.node('node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', ...tests);

    expect(copy.changedByHand()).toEqual([]);
    for (const name of ['get_chat_age', 'get_community_admins'])
      expect(copy.text('docs/reference.md')).toContain(`### ${name}`);
    expect(copy.text('test/pins/tools/chats/get_chat_age.json')).toContain('get_chat_age');
  }, 600_000);
});
