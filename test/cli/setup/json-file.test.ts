import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { withJsonEntry } from '../../../src/cli/setup/json-file.ts';

const place = ['mcpServers', 'whatsapp'] as const;
const entry = { command: 'npx', args: ['-y', 'whatsapp-hybrid-mcp', 'serve'] };
const inserted = (text: string, more = {}) => withJsonEntry(text, place, { ...entry, ...more });

const commented = `// mine
{
\t"theme": "dark", // at night
\t"mcpServers": {
\t\t/* another */
\t\t"notes": { "command": "notes", "env": { "KEY": "k" } },
\t},
}
`;

describe('An entry in a JSON file', () => {
  test.each(['', '\n', '{}', '{ }\n'])('makes the file where %j stood', (text) => {
    expect(JSON.parse(inserted(text))).toEqual({ mcpServers: { whatsapp: entry } });
    expect(inserted('')).toMatch(/}\n$/);
  });

  test('leaves comments, other entries, indentation and what else there is', () => {
    const after = inserted(commented);
    for (const line of commented.trimEnd().split('\n')) expect(after).toContain(line);
    expect(after).toContain('\t\t"whatsapp": {\n\t\t\t"command": "npx"');
    expect(parse(after)).toMatchObject({
      theme: 'dark',
      mcpServers: { notes: { env: { KEY: 'k' } }, whatsapp: entry },
    });
  });

  test.each([
    ['{\n  "a": 1 // one\n}\n', '{\n  "a": 1, // one\n  "mcpServers": {'],
    ['{\n  "a": 1\n  // none yet\n}', '{\n  "a": 1,\n  "mcpServers": {'],
    ['{ "a": 1 }', '{ "a": 1, "mcpServers": {"whatsapp":{"command"'],
    ['{\n  "mcpServers": {\n    "a": {} }\n}', '    "a": {}, "whatsapp": {"command"'],
    ['{\n  "mcpServers": {}\n}', '{\n  "mcpServers": {\n    "whatsapp": {\n      "command"'],
  ])('moves no line of %j', (text, start) => {
    const after = inserted(text);
    expect(after).toContain(start);
    expect(parse(after)).toMatchObject({ mcpServers: { whatsapp: entry } });
    if (text.includes('none yet')) expect(after).toContain('// none yet');
  });

  test('ends lines as the file does, and keeps a byte order mark', () => {
    const after = inserted('\ufeff{\r\n  "a": 1\r\n}\r\n');
    expect(after.startsWith('\ufeff{\r\n')).toBe(true);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('changes nothing the second time', () => {
    for (const text of ['', '{}', commented]) {
      const once = inserted(text, { env: { A: '1' } });
      expect(inserted(once, { env: { A: '1' } })).toBe(once);
    }
  });

  test('is brought up to date, with what the user added to it', () => {
    const before = `{ "mcpServers": { "whatsapp": { "command": "old", "disabled": true /* for now */, "env": { "MINE": "1" } } } }`;
    const after = inserted(before, { env: { WHATSAPP_BRIDGE: 'baileys' } });
    expect(after).toContain('/* for now */');
    expect(parse(after).mcpServers.whatsapp).toEqual({
      ...entry,
      disabled: true,
      env: { MINE: '1', WHATSAPP_BRIDGE: 'baileys' },
    });
  });

  test.each([
    ['half a file', '{ "mcpServers": {'],
    ['no JSON', 'servers = 1'],
    ['two values', '{} {}'],
    ['a list', '[]'],
    ['a word', '"x"'],
    ['a list of servers', '{ "mcpServers": [] }'],
    ['an entry that is text', '{ "mcpServers": { "whatsapp": "x" } }'],
    ['no servers at all', '{ "mcpServers": null, "a": 1, "mcpServers": 3 }'],
    [
      'a name that stands there twice',
      '{ "mcpServers": { "whatsapp": {} }, "mcpServers": { "whatsapp": { "a": 1 } } }',
    ],
  ])('is refused in %s, with the other way', (_, text) => {
    expect(() => inserted(text)).toThrow(expect.objectContaining({ nextStep: expect.stringContaining('--print') }));
  });
});
