import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { lineOf, nodes, parse, readSources } from '../../scripts/source-files.ts';

const code = readSources('src', 'bridges');
const tests = readSources('test');
const scripts = readSources('scripts');

function lines(text: string): number {
  return text.trimEnd().split('\n').length;
}

function sum(files: Iterable<[string, string]>, counts: (path: string) => boolean): number {
  return [...files].reduce((total, [path, text]) => total + (counts(path) ? lines(text) : 0), 0);
}

/** `path:line` of each node that the question answers yes to. Files whose text rules it out are not parsed. */
function find(
  files: ReadonlyMap<string, string>,
  question: (node: ts.Node) => boolean,
  mayHave: (text: string) => boolean = () => true,
): string[] {
  return [...files].flatMap(([path, text]) =>
    mayHave(text) ? [...nodes(parse(path, text))].filter(question).map((node) => `${path}:${lineOf(node)}`) : [],
  );
}

function height(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getEnd()).line + 2 - lineOf(node);
}

function isLongFunction(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && 'body' in node && height(node) > 50;
}

function isLongTool(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^define(?:List)?Tool$/.test(node.expression.getText()) && height(node) > 40;
}

describe('The form', () => {
  test('has no file of more than 300 lines', () => {
    const long = [...code, ...tests, ...scripts].filter(([, text]) => lines(text) > 300).map(([path]) => path);
    expect(long).toEqual([]);
  });

  test('has a median of at most 80 lines a file', () => {
    const sizes = [...code.values()].map(lines).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80);
  });

  test('has no function of more than 50 lines', () => {
    expect(find(new Map([...code, ...scripts]), isLongFunction, (text) => lines(text) > 50)).toEqual([]);
  });

  test('has no tool definition of more than 40 lines', () => {
    expect(find(code, isLongTool, (text) => /define(?:List)?Tool/.test(text))).toEqual([]);
  });

  test('has no any', () => {
    const all = new Map([...code, ...tests, ...scripts]);
    const isAny = (node: ts.Node) => node.kind === ts.SyntaxKind.AnyKeyword;
    expect(find(all, isAny, (text) => /\bany\b/.test(text))).toEqual([]);
  });

  test('silences no type check', () => {
    const mark = /@ts-(ignore|nocheck|expect-error)/;
    const silenced = [...code, ...scripts].filter(([, text]) => mark.test(text)).map(([path]) => path);
    expect(silenced).toEqual([]);
  });

  test('has at least as many lines of tests as of code, the simulator on neither side', () => {
    const program = sum(code, (path) => !path.startsWith('src/simulator/'));
    const proved = sum(tests, (path) => !/^test\/(simulator|bench|proof)\//.test(path));
    expect(proved).toBeGreaterThanOrEqual(program);
  });

  test('names files by their noun, in kebab case', () => {
    const names = [...code.keys(), ...tests.keys(), ...scripts.keys()].map((path) => path.split('/').at(-1) ?? '');
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(name))).toEqual([]);
    expect(names.filter((name) => /^(utils?|helpers?|misc|common|shared|index)\.ts$/.test(name))).toEqual([]);
  });

  test('has no test that is skipped or alone', () => {
    const mark = /\b(?:test|it|describe)\.(?:only|todo|skip|fails)\(/;
    expect([...tests].filter(([, text]) => mark.test(text)).map(([path]) => path)).toEqual([]);
  });
});

describe('The measures bite', () => {
  const long = (count: number) => `function f() {\n${'  g();\n'.repeat(count)}}\n`;

  test.each([
    ['a function of 51 lines', isLongFunction, long(49)],
    ['an arrow of 51 lines', isLongFunction, `const f = () => {\n${'  g();\n'.repeat(49)}};`],
    ['a tool of 41 lines', isLongTool, `defineTool({\n${'  a: 1,\n'.repeat(39)}});`],
    ['any', (node: ts.Node) => node.kind === ts.SyntaxKind.AnyKeyword, 'let a: Map<string, any>;'],
  ])('on %s', (_, question, text) => {
    expect(find(new Map([['a.ts', text]]), question)).toEqual(['a.ts:1']);
  });

  test('and leave a function of 50 lines alone', () => {
    expect(find(new Map([['a.ts', long(48)]]), isLongFunction)).toEqual([]);
  });
});
