import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { type ErrorCode, errorCodes } from '../../src/domain/errors.ts';
import { bridgeStates } from '../../src/domain/states.ts';
import { prompts } from '../../src/prompts/catalog.ts';
import { resources } from '../../src/resources/catalog.ts';
import { describeTool } from '../../src/server/describe.ts';
import { settings } from '../../src/settings.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { pairingStep, statusStep } from '../../src/tools/system/next-step.ts';
import { nearest, nounOf, type Words } from '../support/rows/likeness.ts';

const names: string[] = catalog.map(({ name }) => name);
const identifiers = (text: string) => text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
const toolsIn = (text: string) => identifiers(text).filter((word) => names.includes(word));

/** Pairs that no reader could tell apart are above the first; those above the second must point to each other. */
const most = 0.6;
const close = 0.25;

const named = (a: Words, b: Words) => a.description.includes(b.name) || b.description.includes(a.name);

describe('the tools beside each other', () => {
  it('are not to be confused', () => {
    const alike = nearest(catalog).filter(({ likeness }) => likeness >= most);
    const said = alike.map(({ a, b, likeness }) => `${a.name} and ${b.name}: ${likeness.toFixed(2)}, at most ${most}`);
    expect(said).toEqual([]);
  });

  it('name their neighbour where they are close, or are about the same thing', () => {
    const pairs = nearest(catalog).filter(
      ({ a, b, likeness }) => likeness >= close || nounOf(a.name) === nounOf(b.name),
    );
    expect(pairs.length).toBeGreaterThan(5);
    expect(pairs.filter(({ a, b }) => !named(a, b)).map(({ a, b }) => `${a.name} and ${b.name}`)).toEqual([]);
  });

  it('would be noticed: a tool beside its twin, and one beside its plural', () => {
    const [tool] = catalog.filter(({ name }) => name === 'list_chats');
    const twin = { ...tool!, name: 'show_chats' };
    expect(nearest([...catalog, twin])[0]?.likeness).toBeGreaterThan(most);
    expect(nounOf('get_chat')).toBe(nounOf('list_chats'));
    expect(nounOf('get_message')).not.toBe(nounOf('get_message_context'));
  });
});

describe.each(catalog.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  it('says near its beginning when to use it', () => {
    const beginning = tool.description
      .split(/(?<=[.;:])\s/)
      .slice(0, 4)
      .join(' ');
    expect(beginning).toMatch(/\b([Uu]se|[Cc]all) it\b|\bwhen \w+ says\b/);
  });

  it('says of every argument what it is, in a sentence', () => {
    const { properties = {} } = describeTool(tool).inputSchema as {
      properties?: Record<string, { description?: string }>;
    };
    for (const [argument, schema] of Object.entries(properties)) {
      expect(schema.description ?? '', argument).toMatch(/^\S.{4,140}\.$/s);
    }
  });
});

describe('the next steps', () => {
  const codes = Object.entries(errorCodes) as [ErrorCode, (typeof errorCodes)[ErrorCode]][];

  it.each(codes)('of %s name a tool, a command or a setting, or say to call the same tool again', (_, { hint }) => {
    const told = toldIn(hint);
    expect([...told.tools, ...told.commands, ...told.settings, ...(hint.match(/call again/i) ?? [])]).not.toEqual([]);
    expect(hint).toMatch(/^[A-Z].*\.$/);
    expect(hint.length).toBeLessThanOrEqual(160);
  });

  it.each(Object.keys(bridgeStates))('of a bridge that is %s name only what exists', (state) => {
    const { next_step } = pairingStep({ state: state as keyof typeof bridgeStates });
    expect(next_step).toMatch(/^[A-Z].*\.$/);
    toldIn(next_step);
    const view = { state: state as keyof typeof bridgeStates, message: null };
    const status = { overall_status: 'unhealthy', baileys_bridge: { ...view, missing_settings: [] }, go_bridge: view };
    toldIn(statusStep(status).next_step ?? '');
  });

  /** What a text tells to use; fails on a tool, command or setting that does not exist. */
  function toldIn(text: string) {
    const fields = ['retry_after', 'expires_at', 'not_configured', 'logged_out'];
    expect(identifiers(text).filter((word) => !names.includes(word) && !fields.includes(word))).toEqual([]);
    const told = [...text.matchAll(/`whatsapp-hybrid-mcp (\w+)/g)].map(([, name = '']) => name);
    expect(told.filter((name) => !commands.some((command) => command.name === name))).toEqual([]);
    const set = text.match(/WHATSAPP_\w+/g) ?? [];
    expect(set.filter((name) => !(name in settings))).toEqual([]);
    return { tools: toolsIn(text), commands: told, settings: set };
  }
});

describe('prompts and resources', () => {
  it('have descriptions that differ and that fit a menu', () => {
    const texts = [...prompts, ...resources].map(({ description }) => description);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((text) => text.length > 300 || !/^[A-Z].*\.$/s.test(text))).toEqual([]);
  });
});
