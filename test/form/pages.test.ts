import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operations } from '../../bridges/operations/catalog.ts';
import { pinOf } from '../../scripts/generate.ts';
import { reference } from '../../scripts/reference.ts';
import { commands } from '../../src/cli/commands.ts';
import { errorCodes } from '../../src/domain/errors.ts';
import { bridgeStates, historyStatuses } from '../../src/domain/states.ts';
import { packageRoot } from '../../src/package.ts';
import { prompts } from '../../src/prompts/catalog.ts';
import { resultSchema } from '../../src/server/describe.ts';
import { settings } from '../../src/settings.ts';
import { catalog } from '../../src/tools/catalog.ts';

const root = packageRoot();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((file) => (file.endsWith('.md') ? `docs/${file}` : [])),
];
const tools = new Set(catalog.map(({ name }) => name));
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '');

/** As GitHub makes them. */
const anchorsOf = (text: string) =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );

test.each(pages)('every link in %s leads somewhere', (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
  const dead = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});

test.each(pages)('every command in %s exists', (page) => {
  const text = read(page);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const run = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
  const called = [...text.matchAll(/(?:dist\/main\.js|`whatsapp-hybrid-mcp) ([a-z]+)/g)].map(([, name = '']) => name);
  expect(called.filter((name) => !commands.some((command) => command.name === name))).toEqual([]);
});

test('The README leads to every page', () => {
  const readme = read('README.md');
  expect(pages.filter((page) => page !== 'README.md' && !readme.includes(`(${page})`))).toEqual([]);
});

describe('The reference', () => {
  const text = reference();

  test('has every tool with every argument, every operation, error, prompt and state', () => {
    for (const tool of catalog) {
      const part = text.split(`### ${tool.name}\n`)[1]?.split('\n### ')[0] ?? '';
      expect(part).toContain(tool.description);
      for (const name of Object.keys(tool.input.shape)) expect(part, tool.name).toContain(`| \`${name}\` |`);
    }
    const words = [operations, errorCodes, bridgeStates, historyStatuses].flatMap((table) => Object.keys(table));
    for (const word of [...words, ...prompts.map(({ name }) => name)]) expect(text).toContain(`| \`${word}\` |`);
  });
});

describe('Troubleshooting', () => {
  const text = read('docs/troubleshooting.md');
  const cases = text.split(/^### /m).slice(1);
  const commandsIn = (part: string) => [...part.matchAll(/`whatsapp-hybrid-mcp (\w+)/g)].map(([, name = '']) => name);
  const wordsIn = (part: string) => [...part.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, word = '']) => word);

  test.each(cases.map((part) => [part.split('\n')[0] ?? '', part]))(
    '%s is answered by a tool or a command',
    (_, part) => {
      const tool = wordsIn(part).find((word) => tools.has(word));
      expect(tool ?? commandsIn(part)[0] ?? /npm rebuild/.exec(part)?.[0]).toBeDefined();
    },
  );

  test('names only tools, commands, settings and words that exist', () => {
    const fields = JSON.stringify(catalog.map((tool) => [JSON.parse(read(pinOf(tool))), resultSchema(tool)]));
    const known = (word: string) => tools.has(word) || word in errorCodes || fields.includes(`"${word}"`);
    expect(wordsIn(text).filter((word) => !known(word))).toEqual([]);
    const names = commands.map(({ name }) => name);
    expect(commandsIn(text).filter((name) => !names.includes(name))).toEqual([]);
    for (const [name] of text.matchAll(/WHATSAPP_\w+/g)) expect(settings).toHaveProperty(name);
  });

  test('has a case for every state in which a bridge does not work', () => {
    const working = ['not_configured', 'pairing', 'syncing', 'ready'];
    const states = Object.keys(bridgeStates).filter((state) => !working.includes(state));
    expect(states.filter((state) => !new RegExp(`^### .*\`${state}\``, 'm').test(text))).toEqual([]);
  });
});
