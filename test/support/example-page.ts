import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package.ts';

/** An example of docs/hybrid-operations.md. */
export interface Example {
  title: string;
  code: string;
  /** What the page says it prints. */
  output: string;
  /** Tools of which the page says that they are not there yet. */
  awaited: string[];
  /** Tools that the code calls. */
  called: string[];
}

const python = /```python\n(.*?)```/s;
const printed = /```\n(.*?)```/s;
const awaiting = /^Needs (.+), which (?:is|are) not there yet\.$/m;

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

/** What a block calls with keywords or nothing, and does not define itself: tools. */
function calledBy(code: string): string[] {
  const text = code.replace(/^\s*#.*$|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"/gm, '""');
  const own = new Set([...code.matchAll(/def (\w+)\(/g)].map(([, name]) => name));
  const calls = [...text.matchAll(/(?<![\w.])([a-z]+(?:_[a-z]+)+)\(/g)].map(([, name]) => name ?? '');
  return [...new Set(calls)].filter((name) => !own.has(name)).sort();
}
