import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { generated } from '../../../scripts/generate.ts';
import { packageRoot } from '../../../src/package.ts';
import { testdata } from '../../contract/testdata.ts';
import { temporaryDir } from './program.ts';

const root = packageRoot();

/** The files of this tree in a folder of their own, with the packages that are installed here. */
export interface TreeCopy {
  dir: string;
  paths: readonly string[];
  read(path: string): string;
  write(path: string, text: string): void;
  /** Runs a program of Node there; fails the test with what it said. */
  run(...args: string[]): void;
  /** The files of the tree that differ by now, without those that `npm run generate` makes. */
  changedByHand(): Promise<string[]>;
}

const tracked = (): string[] =>
  spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter((path) => path !== '' && existsSync(join(root, path)));

export function copyOfTree(): TreeCopy {
  const dir = temporaryDir();
  const paths = tracked();
  const read = (path: string) => readFileSync(join(dir, path), 'utf8');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  for (const path of paths) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    cpSync(join(root, path), join(dir, path));
  }
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  const before = new Map(paths.map((path) => [path, readFileSync(join(dir, path))]));
  return {
    dir,
    paths,
    read,
    write,
    run: (...args) => {
      const mine = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST)/.test(name));
      const options = { cwd: dir, env: Object.fromEntries(mine), encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
      expect(status, `${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
    },
    changedByHand: async () => {
      const made = new Set(
        [...generated(readFileSync(join(root, 'README.md'), 'utf8')), ...(await testdata())].map(([path]) => path),
      );
      const isMade = (path: string) => made.has(path) || path.startsWith('test/pins/tools/');
      return paths.filter((path) => !isMade(path) && !readFileSync(join(dir, path)).equals(before.get(path) as Buffer));
    },
  };
}
