import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/domain/errors.ts';
import { bridgeStates, historyStatuses } from '../../src/domain/states.ts';
import { resources } from '../../src/resources/catalog.ts';
import { inPath, isTool } from '../../src/resources/define.ts';
import { errorsGuide, identityGuide, statesGuide, syncGuide } from '../../src/resources/guides.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { searchFreshnessFields } from '../../src/tools/result/freshness.ts';

const tools = catalog.map(({ name }) => name);

describe('The resources', () => {
  test('each have a name, a path and a description of their own', () => {
    for (const key of ['name', 'path', 'description'] as const) {
      expect(new Set(resources.map((resource) => resource[key])).size).toBe(resources.length);
    }
  });

  test('come from tools that only read', () => {
    const effects = resources.flatMap(({ content }) => (isTool(content) ? [content.effect] : []));
    expect(new Set(effects)).toEqual(new Set(['read']));
    expect(effects.length).toBeGreaterThan(5);
  });

  test('take in their path only what their tool takes', () => {
    for (const resource of resources) {
      const accepted = isTool(resource.content) ? Object.keys(resource.content.input.shape) : [];
      expect(accepted, resource.name).toEqual(expect.arrayContaining(inPath(resource)));
    }
  });
});

describe('The guides', () => {
  test.each(Object.entries({ errorsGuide, identityGuide, statesGuide, syncGuide }))(
    '%s is a short text with a heading that names only tools, words and fields that exist',
    (_, guide) => {
      const text = guide.text();
      expect(text).toMatch(/^# \S/);
      expect(text.length).toBeLessThan(6_000);
      const fields = Object.keys(searchFreshnessFields);
      const words = [...Object.keys(bridgeStates), ...Object.keys(historyStatuses), ...Object.keys(errorCodes)];
      const known = new Set([...tools, ...fields, ...words, 'error_code']);
      const named = [...text.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name ?? '');
      expect(named.filter((name) => !known.has(name))).toEqual([]);
      expect(named.length).toBeGreaterThan(0);
    },
  );

  test('explain every state and every error', () => {
    for (const state of [...Object.keys(bridgeStates), ...Object.keys(historyStatuses)]) {
      expect(statesGuide.text()).toContain(`- \`${state}\`: `);
    }
    for (const [code, { retryable, hint }] of Object.entries(errorCodes)) {
      expect(errorsGuide.text()).toContain(`| \`${code}\` | ${retryable ? 'yes' : 'no'} | ${hint} |`);
    }
  });
});
