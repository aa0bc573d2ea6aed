import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { globals, importers, islands, layers, lazyPackages, packages, rooms } from './import-rules.ts';
import { lineOf, nodes, parse, readSources } from './source-files.ts';

interface Import {
  from: string;
  line: number;
  /** A path of ours, or the name of a package or Node module. */
  target: string;
  isOurs: boolean;
  kind: 'type' | 'static' | 'dynamic';
}

/** All violations of import-rules.ts, one line each with its place; empty when there are none. */
export function importFaults(files: ReadonlyMap<string, string>): string[] {
  const sources = [...files].map(([path, text]) => parse(path, text));
  const imports = sources.flatMap(importsOf);
  return [
    ...imports.flatMap((one) =>
      (one.isOurs ? [...ourFaults(one), ...roomFaults(one)] : packageFaults(one)).map(
        (fault) => `${place(one)}: ${fault}`,
      ),
    ),
    ...sources.flatMap(globalFaults),
    ...cycles(imports).map((cycle) => `${cycle[0]}: import cycle ${[...cycle, cycle[0]].join(' → ')}`),
  ];
}

function importsOf(source: ts.SourceFile): Import[] {
  const from = source.fileName;
  return [...nodes(source)].flatMap((node): Import[] => {
    const found = specifier(node);
    if (found === undefined) return [];
    const isOurs = found.name.startsWith('.');
    const target = isOurs ? posix.join(posix.dirname(from), found.name) : packageName(found.name);
    return [{ from, line: lineOf(node), target, isOurs, kind: found.kind }];
  });
}

function specifier(node: ts.Node): { name: string; kind: Import['kind'] } | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { name: node.moduleSpecifier.text, kind: takesOnlyTypes(node.importClause) ? 'type' : 'static' };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    return { name: node.moduleSpecifier.text, kind: node.isTypeOnly ? 'type' : 'static' };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const name = node.arguments[0];
    return { name: name !== undefined && ts.isStringLiteral(name) ? name.text : '(computed)', kind: 'dynamic' };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { name: node.argument.literal.text, kind: 'type' };
  }
  return undefined;
}

function takesOnlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return clause.name === undefined && named !== undefined && ts.isNamedImports(named)
    ? named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly)
    : false;
}

function packageName(name: string): string {
  return name.startsWith('node:') ? name : name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

function within(path: string, parts: readonly string[]): boolean {
  return parts.some((part) => path === part || path.startsWith(`${part}/`));
}

function layerOf(path: string): number {
  return layers.findIndex((parts) => within(path, parts));
}

/** An arrow between rooms of one part that does not lead down. */
function roomFaults({ from, target }: Import): string[] {
  return Object.entries(rooms).flatMap(([part, order]) => {
    if (!within(from, [part]) || !within(target, [part])) return [];
    const [own = '', other = ''] = [from, target].map((path) => path.slice(part.length + 1).split('/')[0]);
    const [level, below] = [own, other].map((room) => order.findIndex((row) => row.includes(room)));
    const unknown = [level === -1 ? own : [], below === -1 ? other : []].flat();
    if (unknown.length > 0) return unknown.map((room) => `${room} has no place in the order of ${part}`);
    return own === other || (below ?? 0) < (level ?? 0) ? [] : [`arrow back up in ${part}: ${own} → ${other}`];
  });
}

function ourFaults({ from, target, kind }: Import): string[] {
  const [own, other] = [layerOf(from), layerOf(target)];
  if (own === -1) return ['this file stands in no layer of import-rules.ts'];
  if (other === -1) return [`${target} stands in no layer of import-rules.ts`];
  const faults: string[] = [];
  const part = layers[own]?.find((name) => within(from, [name])) ?? '';
  if (other > own) faults.push(`${part} must not know ${target}, which is built upon it`);
  if (other === own && !within(target, [part])) faults.push(`${part} and ${target} must not know each other`);
  const island = islands[part];
  if (island !== undefined && !within(target, island.allowed) && !(kind === 'type' && within(target, island.types))) {
    faults.push(`${part} must not know ${target}`);
  }
  const closed = Object.entries(importers).find(([name]) => within(target, [name]));
  if (closed !== undefined && !within(from, closed[1]))
    faults.push(`only ${closed[1].join(' and ')} may know ${target}`);
  return faults;
}

function packageFaults({ from, target, kind }: Import): string[] {
  const owners = packages[target];
  if (owners !== undefined && !within(from, owners)) return [`only ${owners.join(' and ')} may import ${target}`];
  if (kind === 'static' && within(from, lazyPackages[target] ?? []))
    return [`${target} must be reached by await import()`];
  return [];
}

function globalFaults(source: ts.SourceFile): string[] {
  return [...nodes(source)].flatMap((node) => {
    const name = ts.isPropertyAccessExpression(node)
      ? node.getText()
      : ts.isIdentifier(node) && node.text === 'console' && !ts.isPropertyAssignment(node.parent)
        ? 'console'
        : '';
    const owners = globals[name];
    if (owners === undefined || within(source.fileName, owners)) return [];
    return [`${source.fileName}:${lineOf(node)}: ${name} belongs to ${owners.join(' and ')}`];
  });
}

/**
 * Import cycles, including those of types, because a cycle can only be read as a whole; each once, from its first file
 * in alphabetical order.
 */
function cycles(imports: readonly Import[]): string[][] {
  const graph = new Map<string, Set<string>>();
  for (const { from, target, isOurs } of imports) {
    if (isOurs) graph.set(from, (graph.get(from) ?? new Set()).add(target));
  }
  const found = new Map<string, string[]>();
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) {
      const loop = trail.slice(at);
      const first = loop.indexOf([...loop].sort()[0] ?? '');
      const cycle = [...loop.slice(first), ...loop.slice(0, first)];
      found.set(cycle.join(), cycle);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return [...found.values()];
}

function place({ from, line }: Import): string {
  return `${from}:${line}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = readSources('src', 'bridges');
  const faults = importFaults(files);
  for (const fault of faults) console.error(fault);
  console.log(`imports: ${files.size} files, ${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
