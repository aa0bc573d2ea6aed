import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generated } from '../../scripts/generate.ts';
import { packageRoot } from '../../src/package.ts';
import { temporaryDir } from '../support/e2e/program.ts';

const root = packageRoot();
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const section = page.split('## How to add a tool')[1]?.split('\n## ')[0] ?? '';
const written = [/`(src\/tools\/[\w/-]+\.ts)`/, /`(test\/tools\/[\w/.-]+\.test\.ts)`/].map(
  (path) => path.exec(section)?.[1] ?? '',
);
const blocks = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

const tracked = (): string[] =>
  spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter((path) => path !== '' && existsSync(join(root, path)));

/** The files of this tree in a folder of their own, with the packages that are installed here. */
function copyOfTree(): { dir: string; before: Map<string, Buffer> } {
  const dir = temporaryDir();
  const paths = tracked();
  for (const path of paths) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    cpSync(join(root, path), join(dir, path));
  }
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  return { dir, before: new Map(paths.map((path) => [path, readFileSync(join(dir, path))])) };
}

/** Runs a program of Node there; fails the test with what it said. */
function run(dir: string, ...args: string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST)/.test(name)));
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, env, encoding: 'utf8' });
  expect(status, `${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
}

describe('The tool on the page about the architecture', () => {
  test('is added by one source and one test, and everything else is made by npm run generate', () => {
    const { dir, before } = copyOfTree();
    expect(blocks).toHaveLength(written.length);
    for (const [at, path] of written.entries()) {
      expect([...before.keys()]).not.toContain(path);
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), blocks[at] ?? '');
    }
    run(dir, '--import', 'tsx', 'scripts/write-modules.ts');
    run(dir, '--import', 'tsx', 'scripts/generate.ts');
    run(dir, 'node_modules/typescript-native/bin/tsc');
    run(dir, 'node_modules/@biomejs/biome/bin/biome', 'check', ...written);
    run(dir, '--import', 'tsx', 'scripts/imports.ts');
    const server = ['authorship', 'hostile.', 'limits', 'pins'].map((name) => `test/server/${name}`);
    const tests = ['test/form/generated', 'test/form/pages', 'test/form/budgets', 'test/tools', ...server];
    run(dir, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'fast', ...tests);

    const made = generated(readFileSync(join(root, 'README.md'), 'utf8'));
    const isMade = (path: string) => made.has(path) || path.startsWith('test/pins/tools/');
    const byHand = [...before].filter(([path, bytes]) => !isMade(path) && !readFileSync(join(dir, path)).equals(bytes));
    expect(byHand.map(([path]) => path)).toEqual([]);
    expect(readFileSync(join(dir, 'docs/reference.md'), 'utf8')).toContain('### get_chat_age');
    expect(existsSync(join(dir, 'test/pins/tools/chats/get_chat_age.json'))).toBe(true);
  });
});
