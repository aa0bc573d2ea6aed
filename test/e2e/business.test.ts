import { expect, test } from 'vitest';
import { businessJid, quietBusinessJid } from '../../src/simulator/world/shop.ts';
import { browseCatalog } from '../support/e2e/catalog.ts';
import { messagesOf, serveLinked } from '../support/e2e/live.ts';
import { startWorld } from '../support/e2e/simulator.ts';

test('A catalog is browsed with four requests to WhatsApp, a business found under every name, an order read from its message', async () => {
  const simulator = await startWorld({ messages: 300, seed: 3 });
  const server = await serveLinked(simulator);
  const { call, failure } = server;
  const asked = (kind: string) => simulator.counters().iq[kind] ?? 0;

  expect(await browseCatalog(server, businessJid)).toHaveLength(53);
  expect(asked('w:biz/get/business_profile')).toBe(1);
  expect(asked('w:biz:catalog/get/product_catalog')).toBe(3);

  const catalog = await call('get_business_catalog', { jid: businessJid });
  const { age_seconds: _age, ...read } = catalog;
  expect(catalog).toMatchObject({ product_count: 25, hidden_count: 2, served_by: 'baileys' });
  for (const name of ['1234567890:3@s.whatsapp.net', '+1 234 567 890', '1234567890@c.us', 'Quillmore Bakery']) {
    expect(await call('get_business_catalog', { jid: name }), name).toMatchObject(read);
  }
  expect(asked('w:biz:catalog/get/product_catalog')).toBe(3);

  const { messages } = { messages: messagesOf(await call('list_messages', { chat_jid: businessJid, limit: 500 })) };
  const detailsOf = async (type: string) => {
    const { id } = messages.find((message) => message['type'] === type) ?? {};
    const { message } = await call('get_message', { message_id: id, chat_jid: businessJid });
    return (message as { details: Record<string, Record<string, string>> }).details[type];
  };
  const { order_id, token, business_jid } = (await detailsOf('order')) ?? {};
  expect(business_jid).toBe(businessJid);
  const order = await call('get_order_details', { order_id, token });
  expect(order).toMatchObject({ order_id, total: '55.70', currency: 'EUR', product_count: 3 });
  expect(order).not.toHaveProperty('truncated');
  const { product_id } = (await detailsOf('product')) ?? {};
  const card = await call('get_product_details', { jid: businessJid, product_id });
  expect(card).toMatchObject({ name: 'Harbour sourdough', price: '6.50' });
  expect(await call('get_business_collections', { jid: 'Quillmore Bakery' })).toMatchObject({ collection_count: 3 });

  const person = simulator.world.people.find(({ pn, business }) => pn && !business)?.pn;
  expect(await call('get_business_profile', { jid: person })).toEqual(
    expect.objectContaining({ is_business: false, jid: person }),
  );
  expect(await failure('get_business_catalog', { jid: person })).toMatchObject({ error_code: 'not_found' });
  expect(await call('get_business_catalog', { jid: quietBusinessJid })).toMatchObject({
    product_count: 0,
    products: [],
  });
  simulator.fail.iq('w:biz:catalog/get/collections', 403);
  const refused = await failure('get_business_collections', { jid: quietBusinessJid });
  expect(refused).toMatchObject({ error_code: 'upstream_rejected', retryable: false });
  const stderr = server.server.stderr();
  for (const secret of [token, order_id, 'Harbour sourdough']) expect(stderr).not.toContain(secret);
});
