import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endAll, sharing } from '../support/at-end.ts';
import { type Answer, type ServedClient, serve } from '../support/e2e/client.ts';
import { type AnyMessage, toolCalls } from '../support/e2e/tool-calls.ts';

type Contact = Answer & { jid: string; name?: string; pn?: string; lid?: string };

describe('In one session on a synced account', () => {
  let server: ServedClient;
  beforeAll(async () => {
    server = await sharing(() => serve(['--simulated=synced']));
  });
  afterAll(endAll);

  test('completions and prompts succeed before any tool is called', async () => {
    const { client } = server;
    const ref = { type: 'ref/prompt' as const, name: 'summarize_chat' };
    const { completion } = await client.complete({ ref, argument: { name: 'chat', value: '' } }, { timeout: 240_000 });
    expect(completion).toMatchObject({ total: 67, hasMore: false });
    const prompt = await client.getPrompt({ name: ref.name, arguments: { chat: '+1234567890' } });
    expect(JSON.stringify(prompt)).toContain('Chat: 1234567890@s.whatsapp.net.');
  });

  test('people, unread messages and routes are found, a person under any of their addresses', async () => {
    const { call, failure } = server;
    const { contacts, total } = (await call('search_contacts', { query: '555', limit: 500 })) as {
      contacts: Contact[];
      total: number;
    };
    expect(total).toBeGreaterThan(10);
    const both = contacts.find(({ pn, lid, name }) => pn && lid && name) as Contact;
    const known = (await call('get_contact', { contact: both.jid }))['contact'] as Contact;
    expect(known).toMatchObject({ jid: both.pn, pn: both.pn, lid: both.lid, name: both.name });
    for (const form of [both.pn, both.lid, `+${both.pn?.split('@')[0]}`]) {
      expect((await call('get_contact', { contact: form }))['contact'], String(form)).toEqual(known);
      expect(await call('query_synced_messages', { sender: form, limit: 1 }), String(form)).toEqual(
        await call('query_synced_messages', { sender: both.jid, limit: 1 }),
      );
    }

    const unread = (await call('list_unread', { limit: 50 })) as {
      chats: { unread_count: number; last_message_at: string; lines: { is_from_me: boolean }[] }[];
    };
    expect(unread.chats.length).toBeGreaterThan(1);
    const times = unread.chats.map(({ last_message_at }) => last_message_at);
    expect(times).toEqual([...times].sort().reverse());
    for (const { unread_count, lines } of unread.chats) {
      expect(unread_count).toBeGreaterThan(0);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every(({ is_from_me }) => !is_from_me)).toBe(true);
    }

    await call('backend_status');
    expect(await call('get_routing_info', { operation: 'history.full' })).toMatchObject({
      operations: [{ served_by: 'baileys', bridges: [{ bridge: 'baileys', can_serve: true }] }],
    });
    expect(await failure('get_contact', { contact: 'nobody is called this' })).toMatchObject({
      error_code: 'not_found',
    });
  });

  // `npm run check:clients` makes the same calls with other people's clients.
  test('every tool succeeds', async () => {
    const { client, call } = server;
    const { messages } = await call('query_synced_messages', { content: 'birthday', limit: 1 });
    const [message] = messages as [AnyMessage];
    const called: string[] = [];
    for (const [name, args] of toolCalls(message)) {
      expect(await call(name, args), name).toMatchObject({ success: true });
      called.push(name);
    }
    expect(called.sort()).toEqual((await client.listTools()).tools.map(({ name }) => name).sort());
  });
});
