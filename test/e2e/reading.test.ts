import { expect, test } from 'vitest';
import { type Answer, serve } from '../support/e2e/client.ts';

type Contact = Answer & { jid: string; name?: string; pn?: string; lid?: string };

test('People, unread messages and routes are found on a synced account, a person under any of their addresses', async () => {
  const { call, failure } = await serve(['--simulated=synced']);
  await call('get_message_statistics');

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
  expect(await failure('get_contact', { contact: 'nobody is called this' })).toMatchObject({ error_code: 'not_found' });
});
