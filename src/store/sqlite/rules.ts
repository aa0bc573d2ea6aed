import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package.ts';
import type { RuleParts } from './rule-names.ts';

/** Blocks of SQL by name: statements and parts of statements, with `{name}` where another text is put in. */
export type Rules = ReadonlyMap<string, string>;

export type RuleName = keyof RuleParts;

type Parts<N extends RuleName> = [RuleParts[N]] extends [never] ? [] : [Record<RuleParts[N], string>];

/** `{block}`, `{part}`, or a block with its parts: `{block: part = text; part = text}`. Inner ones come first. */
const placeholder = /\{(\w+)(?:: ([^{}]*))?\}/g;

/** Reads blocks that begin with `-- name: x`; other comments belong to people. Throws when a name stands twice. */
export function parseRules(texts: Iterable<string>): Rules {
  const rules = new Map<string, string>();
  for (const text of texts) {
    for (const block of text.split(/^-- name: /m).slice(1)) {
      const [name = '', ...lines] = block.split('\n');
      if (rules.has(name)) throw new Error(`The rule ${name} stands twice.`);
      rules.set(
        name,
        lines
          .filter((line) => !line.startsWith('--'))
          .join('\n')
          .trim(),
      );
    }
  }
  return rules;
}

/** The names in a block: other blocks, and parts that whoever uses it gives. */
export function namesIn(rules: Rules, name: string): { blocks: string[]; parts: string[] } {
  const names = [...(rules.get(name) ?? '').matchAll(/\{(\w+)/g)].map(([, found]) => found as string);
  const distinct = [...new Set(names)];
  return { blocks: distinct.filter((one) => rules.has(one)), parts: distinct.filter((one) => !rules.has(one)) };
}

/** A block with everything put in. Throws for an unknown name, a missing part and one that the block does not have. */
export function expandRule(rules: Rules, name: string, parts: Readonly<Record<string, string>>): string {
  const block = rules.get(name);
  if (block === undefined) throw new Error(`There is no rule ${name}.`);
  const wanted = namesIn(rules, name).parts;
  const unknown = Object.keys(parts).find((part) => !wanted.includes(part));
  if (unknown !== undefined) throw new Error(`The rule ${name} has no part ${unknown}.`);
  let text = block;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(placeholder, (_, found: string, given: string | undefined) => {
      if (rules.has(found)) return expandRule(rules, found, partsOf(given));
      const part = parts[found];
      if (part === undefined) throw new Error(`The rule ${name} needs its part ${found}.`);
      return part;
    });
  }
  return text;
}

/** `a = x; b = y = z` as `{ a: 'x', b: 'y = z' }`. */
function partsOf(text: string | undefined): Record<string, string> {
  const pairs = text === undefined ? [] : text.split('; ').map((pair) => pair.split(/ = (.*)/s));
  return Object.fromEntries(pairs.map(([part, value]) => [part, value]));
}

/** The folder of the rules that both writers of messages.db read; Go embeds it. */
export const rulesFolder = (): string => join(packageRoot(), 'bridges', 'whatsmeow', 'daemon', 'store', 'rules', 'sql');

export const readRules = (folder = rulesFolder()): Rules =>
  parseRules(
    readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );

let known: Rules | undefined;
const expanded = new Map<string, string>();

/** The SQL of a rule of messages.db, which both writers share. Parameters are named, as `@id`. */
export function rule<N extends RuleName>(name: N, ...[parts]: Parts<N>): string {
  const done = parts === undefined ? expanded.get(name) : undefined;
  if (done !== undefined) return done;
  known ??= readRules();
  const text = expandRule(known, name, parts ?? {});
  if (parts === undefined) expanded.set(name, text);
  return text;
}
