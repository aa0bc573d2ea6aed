import { catalog } from '../../src/tools/catalog.ts';

type Arguments = Record<string, unknown>;

/** Tools that would do something other than answer when called on a linked account. */
const pairing = new Set(['start_pairing', 'get_pairing_status', 'cancel_pairing']);

/** Arguments with which every tool but those for pairing succeeds on the simulated account, given one of its messages. */
export function toolArguments(message: { id: string; chat_jid: string }): Record<string, Arguments> {
  const { id: message_id, chat_jid } = message;
  const jid = '1234567890@s.whatsapp.net';
  const given: Record<string, Arguments> = {
    query_synced_messages: { content: 'birthday', limit: 5 },
    get_message_statistics: { chat_jid },
    list_messages: { chat_jid, limit: 5 },
    get_message: { message_id, chat_jid },
    get_message_context: { message_id, before: 2, after: 2 },
    list_chats: { limit: 5 },
    get_chat: { chat_jid },
    search_contacts: { query: 'a', limit: 5 },
    get_contact: { contact: jid },
    list_unread: { limit: 5 },
    get_business_profile: { jid },
    get_business_catalog: { jid, limit: 5 },
    get_business_collections: { jid },
    get_product_details: { jid, product_id: '7100000000000001' },
    get_order_details: { order_id: '5550100000000017', token: 'QVItc2ltdWxhdGVkLW9yZGVyLXRva2Vu' },
    retrieve_full_history: { wait_for_completion: false },
  };
  const names = catalog.map(({ name }) => name).filter((name) => !pairing.has(name));
  return Object.fromEntries(names.map((name) => [name, given[name] ?? {}]));
}
