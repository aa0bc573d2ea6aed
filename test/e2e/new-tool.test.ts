import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.ts';
import { copyOfTree } from '../support/e2e/tree-copy.ts';

const page = readFileSync(join(packageRoot(), 'docs/architecture.md'), 'utf8');
const section = page.split('## How to add a tool')[1]?.split('\n## ')[0] ?? '';
const written = [/`(src\/tools\/[\w/-]+\.ts)`/, /`(test\/tools\/[\w/.-]+\.test\.ts)`/].map(
  (path) => path.exec(section)?.[1] ?? '',
);
const blocks = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

describe('The tool on the page about the architecture', () => {
  test('is added by one source and one test, and everything else is made by npm run generate', async () => {
    const { dir, paths, read, write, run, changedByHand } = copyOfTree();
    expect(blocks).toHaveLength(written.length);
    for (const [at, path] of written.entries()) {
      expect(paths).not.toContain(path);
      write(path, blocks[at] ?? '');
    }
    run('--import', 'tsx', 'scripts/tool-modules.ts');
    run('--import', 'tsx', 'scripts/generate.ts');
    run('node_modules/typescript-native/bin/tsc');
    run('node_modules/@biomejs/biome/bin/biome', 'check', ...written);
    run('--import', 'tsx', 'scripts/imports.ts');
    const server = ['authorship', 'hostile.', 'limits', 'pins'].map((name) => `test/server/${name}`);
    const tests = ['test/form/generated', 'test/form/pages', 'test/form/budgets', 'test/tools', ...server];
    run('node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', ...tests);

    expect(await changedByHand()).toEqual([]);
    expect(read('docs/reference.md')).toContain('### get_chat_age');
    expect(existsSync(join(dir, 'test/pins/tools/chats/get_chat_age.json'))).toBe(true);
  });
});
