import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fill, generated, pinOf, stale } from '../../scripts/generate.ts';
import { toolModules } from '../../scripts/tool-modules.ts';
import { settings } from '../../src/config.ts';
import { catalog } from '../../src/tools/catalog.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const files = generated(readme);

describe('What is generated', () => {
  test('names every tool and every setting in the README', () => {
    for (const { name } of catalog) expect(files.get('README.md')).toContain(`| \`${name}\` |`);
    for (const name of Object.keys(settings)) expect(files.get('README.md')).toContain(`| \`${name}\` |`);
  });

  test('has one pinned definition for each tool', () => {
    expect(catalog.map((tool) => JSON.parse(files.get(pinOf(tool)) ?? '{}').name)).toEqual(
      catalog.map(({ name }) => name),
    );
  });

  test('is the same when it is generated again', () => {
    expect(generated(files.get('README.md') ?? '')).toEqual(files);
  });

  test('leaves the rest of the README alone', () => {
    const outside = (text: string) => text.replace(/<!-- (\w+): generated[\s\S]*?<!-- \1: end -->/g, '');
    expect(outside(files.get('README.md') ?? '')).toBe(outside(readme));
  });
});

describe('The catalogue of modules', () => {
  const tool = "export const getOne = defineTool({ name: 'get_one' });";

  test('has every file of a folder that defines tools, those made by other definitions too, and no other', () => {
    const sources = new Map([
      ['src/tools/chats/chats.ts', tool],
      ['src/tools/chats/last-seen.ts', tool.replace('defineTool', 'defineListTool')],
      ['src/tools/chats/view.ts', "import { defineTool } from '../define.ts';"],
      ['src/tools/define.ts', tool],
    ]);
    expect(toolModules(sources).split('\n').slice(1)).toEqual([
      "export * as chats from './chats/chats.ts';",
      "export * as chatsLastSeen from './chats/last-seen.ts';",
      '',
    ]);
  });
});

describe('The check bites', () => {
  test('on a file that differs, one that is missing and a pin that is left over', () => {
    const changed = new Map(files);
    changed.set('.env.example', 'other');
    changed.set('test/pins/tools/chats/brand_new_tool.json', '{}');
    changed.delete('test/pins/tools/chats/get_chat.json');
    expect(stale(changed)).toEqual(
      expect.arrayContaining([
        '.env.example',
        'test/pins/tools/chats/brand_new_tool.json',
        'test/pins/tools/chats/get_chat.json',
      ]),
    );
  });

  test('on a README without its markers', () => {
    expect(() => fill('# README', 'tools', 'x')).toThrow('no markers for tools');
  });
});
