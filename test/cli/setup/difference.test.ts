import { describe, expect, test } from 'vitest';
import { difference } from '../../../src/cli/setup/difference.ts';

const entry = { command: 'node', args: ['main.js', 'serve'], env: { WHATSAPP_DATA_DIR: '/data' } };

describe('The difference', () => {
  test('of no entry is all of it, a line for each field and variable', () => {
    expect(difference(undefined, { type: 'stdio', ...entry })).toBe(
      ['+ type: "stdio"', '+ command: "node"', '+ args: ["main.js","serve"]', '+ env.WHATSAPP_DATA_DIR: "/data"'].join(
        '\n',
      ),
    );
  });

  test('shows what goes and what comes, and nothing that stays', () => {
    expect(difference({ ...entry, command: 'npx' }, entry)).toBe('- command: "npx"\n+ command: "node"');
    expect(difference(entry, entry)).toBe('');
  });

  test('tells of a value that is none of ours only that it changes', () => {
    const before = { ...entry, env: { API_KEY: 'sk-1', WHATSAPP_DATA_DIR: '/old' }, headers: { Authorization: 'b' } };
    const after = { ...entry, env: { API_KEY: 'sk-2', WHATSAPP_DATA_DIR: '/data' }, url: 'http://user:pw@h', note: {} };
    const shown = difference(before, after);
    expect(shown.split('\n').sort()).toEqual([
      '+ env.API_KEY: …',
      '+ env.WHATSAPP_DATA_DIR: "/data"',
      '+ url: …',
      '- env.API_KEY: …',
      '- env.WHATSAPP_DATA_DIR: "/old"',
      '- headers.Authorization: …',
    ]);
  });
});
