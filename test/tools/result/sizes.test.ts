import { rmSync } from 'node:fs';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../support/fakes/connect.ts';
import { type StoredWorld, storedWorld } from '../../support/rows/default-world.ts';
import { textOf } from '../../support/rows/result-text.ts';

/** Characters of structured content that the same pages had before results were short. */
const before = { list_messages: 10_805, list_chats: 8_267, list_unread: 18_177 };
type List = keyof typeof before;

let world: StoredWorld;
let call: (name: List, args: Record<string, unknown>) => Promise<CallToolResult>;
let latest: string;

beforeAll(async () => {
  world = await storedWorld();
  ({ call } = await connect(world.services));
  const { chats } = (await call('list_chats', { limit: 1 })).structuredContent as { chats: { chat_jid: string }[] };
  latest = chats[0]?.chat_jid ?? '';
});
afterAll(() => {
  world.services.store.close();
  rmSync(world.folder, { recursive: true });
});

const argumentsOf = (name: List) =>
  ({ list_messages: { chat_jid: latest, limit: 50 }, list_chats: { limit: 20 }, list_unread: {} })[name];

/** Either part of a page, as percent of what it had before. */
async function percents(name: List, more: object = {}): Promise<{ structured: number; text: number }> {
  const result = await call(name, { ...argumentsOf(name), ...more });
  const percent = (text: string) => (text.length / before[name]) * 100;
  return { structured: percent(JSON.stringify(result.structuredContent)), text: percent(textOf(result)) };
}

describe('a page of the default world', () => {
  it.each([
    ['list_messages', 32],
    ['list_chats', 20],
    ['list_unread', 18],
  ] as const)('has at most 60 % of its former size in either part: %s', async (name, count) => {
    const { structured, text } = await percents(name);
    expect(structured).toBeLessThanOrEqual(60);
    expect(text).toBeLessThanOrEqual(60);
    const { messages, chats } = (await call(name, argumentsOf(name))).structuredContent as Record<string, unknown[]>;
    expect(messages ?? chats).toHaveLength(count);
  });

  it.each([
    ['list_messages', ['timestamp', 'sender_name', 'type'], 30],
    ['list_messages', ['content', 'is_from_me', 'type'], 30],
    // The ids, times and texts alone are 29.9 %.
    ['list_messages', ['timestamp', 'sender_name', 'content'], 32],
    ['list_chats', ['name', 'unread_count', 'last_message_at'], 30],
    ['list_chats', ['name', 'kind', 'unread_count'], 30],
    ['list_unread', ['name', 'unread_count', 'last_message_at'], 30],
  ] as const)('has at most a third of it with three fields: %s %j', async (name, fields, most) => {
    const { structured, text } = await percents(name, { fields });
    expect(structured).toBeLessThanOrEqual(most);
    expect(text).toBeLessThanOrEqual(most);
  });
});
