import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { generated } from '../../../scripts/generate.ts';
import { packageRoot } from '../../../src/package.ts';
import { temporaryDir } from './program.ts';

/** A file that a section of docs/architecture.md shows: the last path before its code. */
export interface ShownFile {
  path: string;
  code: string;
}

/** The whole files that a section shows. `kinds` are the languages of its code, such as `ts`. */
export function shownFiles(title: string, kinds: readonly string[]): ShownFile[] {
  const page = readFileSync(join(packageRoot(), 'docs/architecture.md'), 'utf8');
  const section = page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const block = new RegExp(`\`\`\`(?:${kinds.join('|')})\\n([\\s\\S]*?)\`\`\``, 'g');
  let end = 0;
  return [...section.matchAll(block)].map(({ index, 0: whole, 1: code = '' }) => {
    const before = [...section.slice(end, index).matchAll(/`((?:src|test|bridges)\/[\w./-]+\.(?:ts|go|json))`/g)];
    end = index + whole.length;
    return { path: before.at(-1)?.[1] ?? '', code };
  });
}

/** A copy of the tree in a folder of its own, with the packages that are installed here. */
export class TreeCopy {
  readonly dir = temporaryDir();
  readonly #before: Map<string, Buffer>;

  constructor() {
    const root = packageRoot();
    const paths = tracked(root);
    for (const path of paths) {
      mkdirSync(dirname(join(this.dir, path)), { recursive: true });
      cpSync(join(root, path), join(this.dir, path));
    }
    symlinkSync(join(root, 'node_modules'), join(this.dir, 'node_modules'));
    this.#before = new Map(paths.map((path) => [path, readFileSync(join(this.dir, path))]));
  }

  /** Adds files that are not there yet. */
  add(files: readonly ShownFile[]): void {
    for (const { path, code } of files) {
      expect(this.has(path), path).toBe(false);
      this.write(path, code);
    }
  }

  /** Runs a program of Node there; fails the test with what it said. */
  node(...args: string[]): void {
    this.run(process.execPath, args);
  }

  /** What `npm run generate` runs. */
  generate(): void {
    this.node('--import', 'tsx', 'scripts/write-modules.ts');
    this.node('--import', 'tsx', 'scripts/generate.ts');
  }

  /** Runs a program in a folder there and returns its output; fails the test with what it said. */
  run(program: string, args: readonly string[], folder = '', more: NodeJS.ProcessEnv = {}): string {
    const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST)/.test(name));
    const env = { ...Object.fromEntries(own), ...more };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: join(this.dir, folder), env, encoding: 'utf8' });
    expect(status, `${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }

  has(path: string): boolean {
    return this.#before.has(path);
  }

  /** The files of the tree that differ now and are not generated; `fixtures` are the paths of generated fixtures. */
  changedByHand(fixtures: readonly string[] = []): string[] {
    const made = new Set([...generated(readFileSync(join(packageRoot(), 'README.md'), 'utf8')).keys(), ...fixtures]);
    const isMade = (path: string) => made.has(path) || path.startsWith('test/pins/tools/');
    const differs = (path: string, bytes: Buffer) => !readFileSync(join(this.dir, path)).equals(bytes);
    return [...this.#before].filter(([path, bytes]) => !isMade(path) && differs(path, bytes)).map(([path]) => path);
  }

  text(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8');
  }
}

function tracked(root: string): string[] {
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return stdout.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
}
