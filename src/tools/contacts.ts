import * as z from 'zod';
import { defineTool } from './define.ts';
import { freshness, freshnessFields, searchFreshness } from './freshness.ts';
import { fitPage, pageEnd, pageFields } from './page.ts';
import { Cursor, limit, Recipient } from './params.ts';

const ContactSchema = z.object({
  jid: z.string(),
  name: z.string().nullable(),
  saved_name: z.string().nullable(),
  push_name: z.string().nullable(),
  business_name: z.string().nullable(),
  phone: z.string().nullable(),
  pn: z.string().nullable(),
  lid: z.string().nullable(),
  last_message_at: z.string().nullable(),
});

export const searchContacts = defineTool({
  name: 'search_contacts',
  title: 'Find people',
  description:
    'Finds people by any of their names (saved, chosen by themselves, business) or by number; use it to learn whom a name means. Best match first, offline. Accents, case and one typo in a word are forgiven. For groups use list_chats.',
  toolset: 'contacts',
  effect: 'read',
  openWorld: false,
  untrusted: true,
  uses: [],
  input: z.object({
    query: z.string().trim().min(1).max(200).describe('Name, part of one, or number.'),
    limit: limit(20),
    cursor: Cursor,
  }),
  output: z.object({ total: z.number().int(), contacts: z.array(ContactSchema), ...pageFields, ...freshnessFields }),
  summary: ({ total, contacts }) => `${contacts.length} of ${total} people.`,
  run({ query, limit: most, cursor }, context) {
    const { contacts } = context.store;
    const page = fitPage((count) => contacts.search(query, count, cursor), most);
    return { total: page.total, contacts: page.items, ...pageEnd(page), ...freshness(context) };
  },
});

export const getContact = defineTool({
  name: 'get_contact',
  title: 'One person',
  description:
    'Gets one person by JID, phone number or exact name: all names, phone number, both addresses (PN with the number, LID without), the chat with them, when they last wrote or were written to, and how many chats are shared; use it when you know who is meant. Works offline. With a part of a name use search_contacts.',
  toolset: 'contacts',
  effect: 'read',
  openWorld: false,
  untrusted: true,
  uses: [],
  input: z.object({ contact: Recipient.describe('Person: JID, phone number or exact name.') }),
  output: z.object({
    contact: ContactSchema.extend({
      chat_jid: z.string().nullable(),
      last_interaction: z.string().nullable(),
      shared_chats: z.number().int(),
    }),
    ...freshnessFields,
  }),
  summary: ({ contact }) =>
    `One person, ${contact.shared_chats} shared chats, last interaction ${contact.last_interaction ?? 'unknown'}.`,
  async run({ contact }, context) {
    const fresh = await searchFreshness(context);
    return { contact: context.store.contacts.get(contact), ...fresh };
  },
});
