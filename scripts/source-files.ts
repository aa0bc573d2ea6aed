import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** TypeScript sources under these folders of the checkout: path from its root, with `/`, to text. */
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

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
}

/** Every node below, in source order. */
export function* nodes(parent: ts.Node): Generator<ts.Node> {
  for (const child of parent.getChildren()) {
    yield child;
    yield* nodes(child);
  }
}

/** 1-based. */
export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
