import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bridgeIds } from '../../bridges/bridge.ts';
import { operations } from '../../bridges/operations/catalog.ts';
import { readSources } from '../../scripts/source-files.ts';
import { packageRoot } from '../../src/config.ts';
import { errorCodes } from '../../src/domain/errors.ts';
import { toolsets } from '../../src/domain/toolsets.ts';
import { parseArguments } from '../../src/server/arguments/parse.ts';
import { describeTool } from '../../src/server/describe.ts';
import { instructions } from '../../src/server/instructions.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { exampleFor } from '../support/e2e/tool-calls.ts';

const names = catalog.map(({ name }) => name);

/** What a model is given of a tool, in tokens of four characters. */
function tokens(tool: (typeof catalog)[number]): number {
  const { name, title, description, inputSchema } = describeTool(tool);
  return JSON.stringify({ name, title, description, inputSchema }).length / 4;
}

interface Schema {
  type?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  [key: string]: unknown;
}

describe('the catalogue', () => {
  it('stays within its tokens: 410 a tool, 180 on average, 6,500 in all', () => {
    const costs = catalog.map(tokens);
    const sum = costs.reduce((a, b) => a + b, 0);
    expect(Math.max(...costs)).toBeLessThanOrEqual(410);
    expect(sum / costs.length).toBeLessThanOrEqual(180);
    expect(sum).toBeLessThanOrEqual(6500);
  });

  it('has instructions that no client cuts, naming only tools that exist', () => {
    expect(instructions.length).toBeLessThanOrEqual(1800);
    const mentioned = instructions.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
    const fields = ['in_progress', 'logged_out', 'pending_sync', 'next_cursor', 'error_code', 'go_bridge'];
    expect(mentioned.filter((word) => !names.includes(word) && !fields.includes(word))).toEqual([]);
    expect(mentioned.length).toBeGreaterThan(10);
  });

  it('tells of both connections before anything is linked', () => {
    const [linking] = instructions.split('First use');
    for (const bridge of bridgeIds) expect(linking).toContain(bridge);
  });

  it('names a list of each kind to look in to whom named something that is not there', () => {
    const kinds = ['list_chats', 'list_communities', 'search_contacts', 'query_synced_messages'];
    expect(names).toEqual(expect.arrayContaining(kinds));
    for (const name of kinds) expect(errorCodes.not_found.hint).toContain(name);
  });

  it('describes every tool differently from its first sentence on', () => {
    const firsts = catalog.map(({ description }) => description.split(/[.;:]/)[0]);
    expect(new Set(firsts).size).toBe(catalog.length);
    expect(new Set(catalog.map(({ title }) => title)).size).toBe(catalog.length);
  });

  it('is tested tool by tool', () => {
    const folder = join(packageRoot(), 'test', 'tools');
    const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.test.ts') && file !== 'catalog.test.ts',
    );
    const source = tests.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    expect(names.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});

describe.each(catalog.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const described = describeTool(tool);
  const input = described.inputSchema as Schema;

  it('has a name that every client accepts, and stands in the folder of its toolset', () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{2,39}$/);
    expect(toolsets).toContain(tool.toolset);
    const folder = [...readSources(`src/tools/${tool.toolset}`).values()].join('\n');
    expect(folder).toContain(`name: '${name}'`);
  });

  it('has an example of its arguments that it takes', () => {
    const message = { id: '3EB0A1', chat_jid: '1234567890@s.whatsapp.net' };
    expect(() => parseArguments(tool, exampleFor(tool, message))).not.toThrow();
  });

  it('says what it does and when to use it in at most 600 characters, for a reader who knows nothing', () => {
    expect(tool.description.length).toBeLessThanOrEqual(600);
    expect(tool.description.length).toBeGreaterThan(80);
    expect(tool.description).toMatch(/^[A-Z][a-z]+s /);
    expect(tool.description).toMatch(/\.$/);
    expect(tool.description).not.toMatch(/staging|worker|watermark|router|Zod|transfer|lane/);
    const mentioned = tool.description.match(/\b(?:get|list|query|sync|start|retrieve|backend)_[a-z_]+\b/g) ?? [];
    expect(mentioned.filter((word) => !names.includes(word))).toEqual([]);
  });

  it('describes every argument, takes no other, and uses no dialect that a model API refuses', () => {
    expect(input.type).toBe('object');
    expect(input['additionalProperties']).toBe(false);
    expect(JSON.stringify(input)).not.toMatch(/\$schema|anyOf|oneOf|allOf|\$ref|"type":\[/);
    const nameless = Object.entries(input.properties ?? {}).filter(([, schema]) => !schema.description);
    expect(nameless.map(([key]) => key)).toEqual([]);
  });

  it('has a result schema that lets unknown fields pass', () => {
    const output = described.outputSchema as Schema;
    expect(output.properties).toHaveProperty('success');
    expect(JSON.stringify(output)).not.toMatch(/"additionalProperties":false|\$schema|\$ref|"type":\[/);
  });

  it('carries the hints that follow from its effect', () => {
    expect(described.annotations).toEqual({
      title: tool.title,
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'destructive',
      openWorldHint: tool.openWorld,
    });
    const effects = tool.uses.map((operation) => operations[operation].effect);
    if (tool.effect === 'read') expect(effects.every((effect) => effect === 'read')).toBe(true);
    if (tool.uses.length > 0) expect(tool.openWorld).toBe(true);
  });

  it('says which bridge answered when it asked one', () => {
    const output = described.outputSchema as Schema;
    expect(Object.keys(output.properties ?? {}).includes('served_by')).toBe(tool.uses.length > 0);
  });
});
