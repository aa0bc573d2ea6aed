import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package.ts';
import { program } from './program.ts';

export const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) {
  process.stderr.write('*** SKIPPED *** the examples of docs/hybrid-operations.md: there is no python3\n');
}

/** An example of docs/hybrid-operations.md. */
export interface Example {
  title: string;
  code: string;
  /** The output that the page gives. */
  output: string;
  /** Tools that the page marks as not available yet. */
  awaited: string[];
  /** Tools that the code calls. */
  called: string[];
}

const python = /```python\n(.*?)```/s;
const printed = /```\n(.*?)```/s;
const awaiting = /^Needs (.+), which do(?:es)? not exist yet\.$/m;

export function examples(): Example[] {
  const page = readFileSync(join(packageRoot(), 'docs', 'hybrid-operations.md'), 'utf8');
  return page
    .split(/^## (?=Example )/m)
    .slice(1)
    .map((part) => {
      const code = python.exec(part)?.[1] ?? '';
      const named = awaiting.exec(part)?.[1] ?? '';
      return {
        title: part.slice(0, part.indexOf('\n')),
        code,
        output: printed.exec(part.slice(part.indexOf(code) + code.length + 3))?.[1] ?? '',
        awaited: [...named.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '').sort(),
        called: calledBy(code),
      };
    });
}

/** Functions that a block calls with keywords or no arguments and does not define itself: tools. */
function calledBy(code: string): string[] {
  const text = code.replace(/^\s*#.*$|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"/gm, '""');
  const own = new Set([...code.matchAll(/def (\w+)\(/g)].map(([, name]) => name));
  const calls = [...text.matchAll(/(?<![\w.])([a-z]+(?:_[a-z]+)+)\(/g)].map(([, name]) => name ?? '');
  return [...new Set(calls)].filter((name) => !own.has(name)).sort();
}

/** The examples of these numbers whose tools all exist, in this order. */
export function runnable(page: readonly Example[], ...numbers: number[]): Example[] {
  return numbers.flatMap((number) => page[number - 1] ?? []).filter(({ awaited }) => awaited.length === 0);
}

/** The output of these examples, run in order in one session of a server; throws when one of them throws. */
export function runExamples(blocks: readonly Example[], serveArgs: readonly string[], env: Record<string, string>) {
  const runner = join(packageRoot(), 'test', 'support', 'e2e', 'page-runner.py');
  const { status, stdout, stderr } = spawnSync('python3', [runner, process.execPath, program, 'serve', ...serveArgs], {
    input: JSON.stringify(blocks),
    encoding: 'utf8',
    env: { ...env, PYTHONIOENCODING: 'utf-8' },
  });
  if (status !== 0) throw new Error(`exit code ${status}: ${stderr}\n${stdout}`);
  return stdout;
}
