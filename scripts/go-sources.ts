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
