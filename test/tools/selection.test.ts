import { describe, expect, test } from 'vitest';
import { readSettings, type Sources, toConfig } from '../../src/config.ts';
import { AppError } from '../../src/domain/errors.ts';
import { toolsets } from '../../src/domain/toolsets.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { selectTools } from '../../src/tools/selection.ts';

const all = catalog.map(({ name }) => name);
const namesOf = (sources: Sources): string[] =>
  selectTools(catalog, toConfig(readSettings(sources)).tools).map(({ name }) => name);
const inGroups = (...groups: string[]) =>
  catalog.filter(({ toolset }) => groups.includes(toolset)).map(({ name }) => name);

describe('The tools that settings choose', () => {
  test.each([
    ['nothing is said', {}, all],
    ['default is said', { WHATSAPP_TOOLSETS: 'default' }, all],
    ['all is said', { WHATSAPP_TOOLSETS: 'all' }, all],
    ['two groups are named', { WHATSAPP_TOOLSETS: 'chats, messages,' }, inGroups('chats', 'messages')],
    ['tools alone are named', { WHATSAPP_TOOLS: 'get_chat' }, ['get_chat']],
    [
      'a group and a tool are named',
      { WHATSAPP_TOOLSETS: 'chats', WHATSAPP_TOOLS: 'get_message' },
      [...inGroups('chats'), 'get_message'].sort(),
    ],
    ['one is excluded', { WHATSAPP_EXCLUDE_TOOLS: 'get_chat' }, all.filter((name) => name !== 'get_chat')],
    [
      'a named one is excluded',
      { WHATSAPP_TOOLS: 'get_chat,list_chats', WHATSAPP_EXCLUDE_TOOLS: 'get_chat' },
      ['list_chats'],
    ],
    [
      'only reading is allowed',
      { WHATSAPP_READ_ONLY: 'true' },
      catalog.filter(({ effect }) => effect === 'read').map(({ name }) => name),
    ],
    [
      'a named one writes and only reading is allowed',
      { WHATSAPP_TOOLS: 'start_pairing,list_chats', WHATSAPP_READ_ONLY: 'true' },
      ['list_chats'],
    ],
  ] as [string, Sources, string[]][])('are right when %s', (_, sources, expected) => {
    expect(namesOf(sources)).toEqual(expected);
  });

  test('are one group or another for each that there is', () => {
    expect(toolsets.flatMap((toolset) => namesOf({ WHATSAPP_TOOLSETS: toolset })).sort()).toEqual(all);
  });

  test.each(['WHATSAPP_TOOLSETS', 'WHATSAPP_TOOLS', 'WHATSAPP_EXCLUDE_TOOLS'] as const)(
    'are refused with the known names when %s names one that does not exist',
    (setting) => {
      const known = setting === 'WHATSAPP_TOOLSETS' ? toolsets : all;
      const select = () => namesOf({ [setting]: `${known[0]},nonsense` });
      expect(select).toThrow(AppError);
      expect(select).toThrow(`${setting}: there is no "nonsense". There are: `);
      for (const name of known) expect(select).toThrow(name);
    },
  );

  test('are refused when none is left', () => {
    expect(() => namesOf({ WHATSAPP_TOOLS: 'get_chat', WHATSAPP_EXCLUDE_TOOLS: 'get_chat' })).toThrow('leave no tool');
    expect(() => namesOf({ WHATSAPP_TOOLS: 'start_pairing', WHATSAPP_READ_ONLY: 'true' })).toThrow('leave no tool');
  });
});
