import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** TypeScript sources below these folders: path from the checkout's root, with `/`, to text. */
export function readSources(...folders: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, entry).replaceAll('\\', '/');
      if (path.endsWith('.ts')) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  }
  return files;
}

const parsed = new Map<string, ts.SourceFile>();

/** Parses a file once for all callers while its text is unchanged. */
export function parse(path: string, text: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known?.text === text) return known;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  parsed.set(path, source);
  return source;
}

/** All descendants in source order, without tokens that are not nodes. */
export function* nodes(parent: ts.Node): Generator<ts.Node> {
  const waiting = childrenOf(parent);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    for (const child of childrenOf(node)) waiting.push(child);
  }
}

/** Children in reverse order. */
function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children.reverse();
}

/** 1-based. */
export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
