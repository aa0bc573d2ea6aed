import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fill, generated, stale } from '../../scripts/generate.ts';
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
    expect(catalog.map(({ name }) => JSON.parse(files.get(`test/pins/tools/${name}.json`) ?? '{}').name)).toEqual(
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

describe('The check bites', () => {
  test('on a file that differs, one that is missing and a pin that is left over', () => {
    const changed = new Map(files);
    changed.set('.env.example', 'other');
    changed.set('test/pins/tools/brand_new_tool.json', '{}');
    changed.delete('test/pins/tools/get_chat.json');
    expect(stale(changed)).toEqual(
      expect.arrayContaining(['.env.example', 'test/pins/tools/brand_new_tool.json', 'test/pins/tools/get_chat.json']),
    );
  });

  test('on a README without its markers', () => {
    expect(() => fill('# README', 'tools', 'x')).toThrow('no markers for tools');
  });
});
