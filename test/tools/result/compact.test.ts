import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/config.ts';
import { compact, contractFields, tellingFields } from '../../../src/tools/result/compact.ts';

const examples = readFileSync(join(packageRoot(), 'docs', 'hybrid-operations.md'), 'utf8');
/** `result["total"]`, which fails where the field is absent; `result.get("total")` does not. */
const readByName = new Set([...examples.matchAll(/\w\[["']([a-z_]+)["']\]/g)].map(([, name]) => name ?? ''));
/** What holds fields itself, and is never empty. */
const holders = new Set(['go_bridge', 'baileys_bridge']);

describe('what always stands', () => {
  it('is at least what the examples of the contract read by name alone', () => {
    expect(readByName.size).toBeGreaterThan(20);
    expect([...readByName].filter((name) => !contractFields.has(name) && !holders.has(name))).toEqual([]);
  });

  it('stands when it is false or empty', () => {
    for (const name of [...contractFields, ...tellingFields])
      for (const value of [false, '', [], 0]) expect(compact({ [name]: value })).toEqual({ [name]: value });
  });
});

describe('a compact result', () => {
  it('has nothing that is null, empty or false by default, at any depth', () => {
    const chat = { pinned: false, muted_until: null, note: '', tags: [], last: { edited: false }, unread_count: 0 };
    expect(compact({ chats: [{ ...chat, inner: chat }] })).toEqual({
      chats: [{ unread_count: 0, inner: { unread_count: 0 } }],
    });
  });

  it('never has null, whatever the field is called', () => {
    expect(compact({ content: null, linked: null, total: undefined })).toEqual({});
  });
});
