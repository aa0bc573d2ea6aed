import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/package.ts';

const daemon = 'bridges/whatsmeow/daemon';

/** Go sources of wa-bridge, tests too: path from the root of the checkout to text. */
export function readGoSources(): Map<string, string> {
  const entries = readdirSync(join(packageRoot(), daemon), { recursive: true, encoding: 'utf8' });
  const paths = entries
    .filter((entry) => entry.endsWith('.go'))
    .map((entry) => `${daemon}/${entry.replaceAll('\\', '/')}`);
  return new Map(paths.map((path) => [path, readFileSync(join(packageRoot(), path), 'utf8')]));
}

/** Each function of a file as gofmt writes it, from `func` in the first column to the brace in it, with its lines. */
export function goFunctions(text: string): { name: string; line: number; lines: number }[] {
  const lines = text.split('\n');
  return lines.flatMap((opening, at) => {
    const name = /^func (?:\([^)]*\) )?(\w+)/.exec(opening)?.[1];
    if (name === undefined || /^func .*\}$/.test(opening)) return [];
    const end = lines.indexOf('}', at);
    return end === -1 ? [] : [{ name, line: at + 1, lines: end - at + 1 }];
  });
}

const part = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** Go with spaces in place of its comments and texts; lines and columns stay. */
export const plainGo = (text: string): string => text.replace(part, (found) => found.replace(/[^\n]/g, ' '));

/** Comments of a file, each with its first line. Consecutive lines of `//` are one comment. */
export function goComments(text: string): { line: number; text: string }[] {
  const comments: { line: number; last: number; isOwnLine: boolean; text: string }[] = [];
  for (const { 0: found, index } of text.matchAll(part)) {
    if (!/^\/[/*]/.test(found)) continue;
    const line = text.slice(0, index).split('\n').length;
    const isOwnLine = /(^|\n)[ \t]*$/.test(text.slice(0, index));
    const words = found.replace(/^\/[/*]\s*|\s*\*\/$/g, '').replace(/\s*\n\s*/g, ' ');
    const before = comments.at(-1);
    if (before?.isOwnLine && isOwnLine && found.startsWith('//') && before.last === line - 1) {
      before.text += ` ${words}`;
      before.last = line;
    } else {
      comments.push({ line, last: line + found.split('\n').length - 1, isOwnLine, text: words });
    }
  }
  return comments.map(({ line, text: words }) => ({ line, text: words }));
}

/** Names of the tests, fuzz tests and benchmarks of a file. */
export const goTests = (text: string): string[] =>
  [...text.matchAll(/^func ((?:Test|Fuzz|Benchmark)\w*)\(/gm)].flatMap(({ 1: name }) =>
    name === undefined ? [] : name,
  );
