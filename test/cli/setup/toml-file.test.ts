import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { withTomlEntry } from '../../../src/cli/setup/toml-file.ts';

const place = ['mcp_servers', 'whatsapp'] as const;
const entry = { command: 'npx', args: ['-y', 'whatsapp-hybrid-mcp', 'serve'] };
const inserted = (text: string, more = {}) => withTomlEntry(text, place, { ...entry, ...more });

const others = `# mine
model = "o3"   # the good one
when = 1979-05-27T07:32:00Z

[mcp_servers.notes] # another
command = "notes"
args = [
  "a", # one
]
`;

const ours = `
[mcp_servers.whatsapp]
command = "old"
startup_timeout_sec = 20

[mcp_servers.whatsapp.env]
MINE = "1"
`;

const profile = `
# for the train
[profiles.fast]
model = 'small'
`;

describe('An entry in a TOML file', () => {
  test.each(['', '\n', '# only a comment', others, others.trimEnd()])('is put behind what stands there: %j', (text) => {
    const after = inserted(text);
    expect(after.startsWith(text.trimEnd())).toBe(true);
    expect(parse(after)).toMatchObject({ mcp_servers: { whatsapp: entry } });
    expect(after).toMatch(/\[mcp_servers\.whatsapp\]\ncommand = "npx"\n/);
    expect(after.endsWith('\n')).toBe(true);
    expect(inserted(after)).toBe(after);
  });

  test('is brought up to date where it stands, with what the user added to it', () => {
    const after = inserted(others + ours + profile, { env: { WHATSAPP_BRIDGE: 'baileys' } });
    expect(after.startsWith(others)).toBe(true);
    expect(after.endsWith(profile)).toBe(true);
    expect(parse(after)).toMatchObject({
      mcp_servers: { whatsapp: { ...entry, startup_timeout_sec: 20, env: { MINE: '1', WHATSAPP_BRIDGE: 'baileys' } } },
    });
    expect(inserted(after, { env: { WHATSAPP_BRIDGE: 'baileys' } })).toBe(after);
  });

  test('ends lines as the file does', () => {
    const after = inserted('model = "o3"\r\n');
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(parse(after)).toMatchObject({ model: 'o3', mcp_servers: { whatsapp: entry } });
  });

  test.each([
    ['no TOML', 'model = '],
    ['a table in one line', 'mcp_servers = { notes = { command = "x" } }'],
    ['an entry in one line', '[mcp_servers]\nwhatsapp = { command = "x" }\n'],
    ['servers that are none', 'mcp_servers = 3'],
    ['a heading inside a text', 'note = """\n[mcp_servers.whatsapp]\n"""\nmcp_servers.whatsapp.command = "x"\n'],
  ])('is refused in %s, with the other way', (_, text) => {
    expect(() => inserted(text)).toThrow(expect.objectContaining({ nextStep: expect.stringContaining('--print') }));
  });
});
