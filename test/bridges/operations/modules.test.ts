import { describe, expect, it } from 'vitest';
import { createContext, type OperationContext } from '../../../bridges/baileys/operations/context.ts';
import { allHandlers } from '../../../bridges/baileys/operations/modules.ts';
import { type OperationName, operations } from '../../../bridges/operations/catalog.ts';
import { goModules, handlerModules, portModules } from '../../../scripts/operations/modules.ts';
import { readSources } from '../../../scripts/source-files.ts';

/** Operations that Baileys is on the route of and has no handler for, each with the reason. */
const withoutHandler = new Map<string, string>([['history.page', 'wa-bridge alone asks for pages so far']]);

const names = Object.keys(operations) as OperationName[];
const found = (folder: string, pattern: RegExp): string[] =>
  [...readSources(folder).values()].flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name));

describe('the list of operations', () => {
  it('has each operation of a file once', () => {
    expect(found('bridges/operations', /^ {2}'(\w+\.\w+)': operation\(/gm).sort()).toEqual([...names].sort());
  });

  it('is made of the files that define operations', () => {
    const noun = "export const tea = {\n  'tea.brew': operation({";
    const files = new Map([
      ['bridges/operations/tea.ts', noun],
      ['bridges/operations/coffee.ts', noun.replaceAll('tea', 'coffee').replace('{\n', '{\n  /** Hot. */\n')],
      ['bridges/operations/define.ts', 'export function operation() {}'],
    ]);
    expect(portModules(files)).toContain("from './coffee.ts';\nimport { tea } from './tea.ts';\n");
    expect(portModules(files)).toContain('= {\n  ...coffee,\n  ...tea,\n};');
  });
});

describe('the list of handlers', () => {
  const parts = { now: Date.now } as unknown as OperationContext;
  const handled = Object.keys(allHandlers(createContext(parts)));

  it('has one for each operation that Baileys may be asked', () => {
    const expected = names.filter((name) => {
      const { route } = operations[name];
      return route === 'addressed' || route.some((bridge) => bridge === 'baileys');
    });
    expect(handled.sort()).toEqual(expected.filter((name) => !withoutHandler.has(name)).sort());
  });

  it('has no operation twice', () => {
    const defined = found('bridges/baileys/operations', /^ {4}(?:async )?'(\w+\.\w+)'(?::|\()/gm);
    expect(defined.sort()).toEqual(handled.sort());
  });

  it('is made of the files that export handlers', () => {
    const files = new Map([
      ['bridges/baileys/operations/tea.ts', 'export function teaHandlers({ ask }: OperationContext) {'],
      ['bridges/baileys/operations/query.ts', 'export function ask() {'],
    ]);
    expect(handlerModules(files)).toContain("import { teaHandlers } from './tea.ts';");
    expect(handlerModules(files)).toContain('({\n  ...teaHandlers(context),\n});');
  });
});

it('The list of wa-bridge is made of the functions that return operations', () => {
  const files = new Map([
    ['tea.go', 'func Tea(linked Linked) http.Operations {'],
    ['coffee.go', 'func Coffee(account CoffeeAccount) http.Operations {'],
    ['all.go', goModules(new Map())],
    ['query.go', 'func parsed(jid string) types.JID {'],
  ]);
  expect(goModules(files)).toContain('http.Merge(\n\t\tCoffee(bridge),\n\t\tTea(bridge),\n\t)');
});
