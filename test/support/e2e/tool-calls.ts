import { catalog } from '../../../src/tools/catalog.ts';

export type ToolCall = [name: string, args: Record<string, unknown>];

/** A message of the simulated account as the target of the calls. */
export interface AnyMessage {
  id: string;
  chat_jid: string;
}

/** Tools that end the link, called at the end of a session. */
const unlinking = ['logout_device', 'start_pairing', 'get_pairing_status', 'cancel_pairing'];

/**
 * One call of every tool, each of which succeeds on the simulated account: in a session of its own, and in this order
 * in one session. Throws for a tool without a call here.
 */
export function toolCalls({ id: message_id, chat_jid }: AnyMessage): ToolCall[] {
  const jid = '1234567890@s.whatsapp.net';
  const community_jid = '120363143634035041@g.us';
  const given: Record<string, Record<string, unknown>> = {
    backend_status: {},
    cancel_pairing: {},
    check_is_on_whatsapp: { phones: ['+1234567890', '+15550199999'] },
    clear_temp_storage: {},
    get_baileys_sync_status: {},
    get_blocked_contacts: {},
    get_business_catalog: { jid, limit: 5 },
    get_business_collections: { jid },
    get_business_profile: { jid },
    get_chat: { chat_jid },
    get_community_groups: { community_jid },
    get_community_members: { community_jid, limit: 5 },
    get_contact_about: { jid },
    get_linked_devices: {},
    get_profile_picture: { jid },
    get_contact: { contact: jid },
    get_message: { message_id, chat_jid },
    get_message_context: { message_id, before: 2, after: 2 },
    get_message_statistics: { chat_jid },
    get_order_details: { order_id: '5550100000000017', token: 'QVItc2ltdWxhdGVkLW9yZGVyLXRva2Vu' },
    get_pairing_status: {},
    get_product_details: { jid, product_id: '7100000000000001' },
    get_routing_info: {},
    get_sync_checkpoints: { limit: 5 },
    list_chats: { limit: 5 },
    list_communities: {},
    list_messages: { chat_jid, limit: 5 },
    list_unread: { limit: 5 },
    logout_device: {},
    query_synced_messages: { content: 'birthday', limit: 5 },
    retrieve_full_history: { wait_for_completion: false },
    search_contacts: { query: 'a', limit: 5 },
    start_pairing: {},
    sync_history_to_database: {},
  };
  const names = catalog.map(({ name }) => name);
  const without = names.filter((name) => given[name] === undefined);
  if (without.length > 0) throw new Error(`Give ${without.join(', ')} a call in ${import.meta.url}`);
  const last = names.filter((name) => unlinking.includes(name));
  const order = [
    ...names.filter((name) => !unlinking.includes(name)),
    ...unlinking.filter((name) => last.includes(name)),
  ];
  return order.map((name) => [name, given[name] ?? {}]);
}
