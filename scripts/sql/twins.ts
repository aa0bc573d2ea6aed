import ts from 'typescript';
import { namesIn, type Rules } from '../../src/store/sqlite/rules.ts';
import { readGoSources } from '../go-sources.ts';
import { nodes, parse, readSources } from '../source-files.ts';

/** A part of a statement that stands in a source of both languages. */
export interface Twin {
  go: string;
  typescript: string;
  /** The part as both have it: one space between words, no schema names, `?` for parameters, `{}` for parts. */
  sql: string;
}

/** About two lines. What is shorter is read faster than the name that would stand for it. */
const maxWords = 14;

const isSql = (text: string): boolean => /\b(SELECT|INSERT|UPDATE|DELETE|CASE WHEN|COALESCE)\b/i.test(text);

/** What makes two statements the same for SQLite and for a reader. */
export function normalize(text: string): string {
  return text
    .replaceAll(/\b(main|staging)\./g, '')
    .replaceAll(/@\w+/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The SQL in a Go source: literals joined by `+`, with `{}` where a variable or a call is put in. */
export function goFragments(text: string): string[] {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\])+'|`([^`]*)`|"((?:\\.|[^"\\\n])*)"/g;
  const found: string[] = [];
  let open: { sql: string; end: number } | undefined;
  for (const match of text.matchAll(token)) {
    const literal = match[1] ?? match[2];
    if (literal === undefined) continue;
    const between = open && text.slice(open.end, match.index);
    const isJoined = between !== undefined && /^\s*\+\s*(?:[\w.]+(?:\([^)]*\)?)?\s*\+\s*)?$/.test(between);
    if (open && isJoined) open.sql += (/\w/.test(between) ? '{}' : '') + literal;
    else {
      if (open) found.push(open.sql);
      open = { sql: literal, end: 0 };
    }
    open.end = match.index + match[0].length;
  }
  if (open) found.push(open.sql);
  return found.filter(isSql).map(normalize);
}

/** The SQL in a TypeScript source: strings, and templates with `{}` for what is put in. */
export function typescriptFragments(path: string, text: string): string[] {
  const found: string[] = [];
  for (const node of nodes(parse(path, text))) {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}'));
  }
  return found.filter(isSql).map(normalize);
}

/** Runs of so many words of SQL that stand in sources of both languages; overlapping runs count once. */
export function twins(
  go: ReadonlyMap<string, string>,
  typescript: ReadonlyMap<string, string>,
  words = maxWords + 1,
): Twin[] {
  const ours = new Map<string, string>();
  for (const [path, text] of typescript) {
    for (const sql of typescriptFragments(path, text)) for (const run of runs(sql, words)) ours.set(run, path);
  }
  return [...go].flatMap(([path, text]) =>
    goFragments(text).flatMap((sql) => {
      const found: Twin[] = [];
      let free = 0;
      for (const [at, run] of runs(sql, words).entries()) {
        const other = ours.get(run);
        if (other === undefined || at < free) continue;
        found.push({ go: path, typescript: other, sql: run });
        free = at + words;
      }
      return found;
    }),
  );
}

function runs(sql: string, words: number): string[] {
  const all = sql.split(' ');
  return all.slice(words - 1).map((_, at) => all.slice(at, at + words).join(' '));
}

/** Both languages' sources that write databases, without tests. */
export function sqlTwins(words?: number): Twin[] {
  const go = new Map([...readGoSources()].filter(([path]) => !path.endsWith('_test.go')));
  return twins(go, readSources('src/store', 'src/sync'), words);
}

/** The rules that Go sources ask for. */
export function goRules(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([path, text]) =>
    path.endsWith('_test.go')
      ? []
      : [...text.matchAll(/\b(?:rule|forNouns)\("(\w+)"/g)].map(([, name]) => name as string),
  );
}

/** The rules that TypeScript sources ask for. */
export function typescriptRules(sources: ReadonlyMap<string, string>): string[] {
  return [...sources.values()].flatMap((text) =>
    [...text.matchAll(/\brule\('(\w+)'/g)].map(([, name]) => name as string),
  );
}

/** Rules that a language neither asks for nor puts into one that it asks for, and names that are no rule. */
export function misnamed(rules: Rules, asked: readonly string[]): { unused: string[]; unknown: string[] } {
  const reached = new Set<string>();
  const waiting = [...asked];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...namesIn(rules, name).blocks);
  }
  return {
    unused: [...rules.keys()].filter((name) => !reached.has(name)),
    unknown: asked.filter((name) => !rules.has(name)),
  };
}
