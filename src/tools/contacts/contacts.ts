import * as z from 'zod';
import { operations } from '../../../bridges/operations/catalog.ts';
import { maxPhones } from '../../../bridges/operations/contacts.ts';
import { defineTool } from '../define.ts';
import { Recipient } from '../params.ts';
import { searchFreshness, searchFreshnessFields } from '../result/freshness.ts';
import { defineListTool } from '../result/list-tool.ts';
import { servedFields } from '../result/served.ts';
import { BlockedSchema, blockedLine, chatFor, namedPeople, pageAfter, personLine, phoneNumbers } from './view.ts';

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

export const searchContacts = defineListTool({
  name: 'search_contacts',
  title: 'Find people',
  description:
    'Finds people by any of their names (saved, chosen by themselves, business) or by number; use it to learn whom a name means. Best match first, offline. Accents, case and one typo in a word are forgiven. A name with ~ is chosen, not saved. For groups use list_chats.',
  toolset: 'contacts',
  uses: [],
  input: { query: z.string().trim().min(1).max(200).describe('Name, part of one, or number.') },
  example: { query: 'a', limit: 5 },
  head: { total: z.number().int() },
  entries: { field: 'contacts', row: ContactSchema, line: personLine, standard: 20 },
  stored: 'rows',
  summary: ({ total }, count) => `${count} of ${total} people.`,
  list({ query, limit, cursor }, { store }) {
    const page = store.contacts.search(query, limit, cursor);
    return { total: page.total, page };
  },
});

export const getContact = defineTool({
  name: 'get_contact',
  title: 'One person',
  description:
    'Gets one person by JID, phone number or exact name: all names, phone number, both addresses (PN with the number, LID without), the chat with them, when they last wrote or were written to, and how many chats are shared; use it when you know who is meant. A name with ~ is chosen, not saved. Works offline. With a part of a name use search_contacts.',
  toolset: 'contacts',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({ contact: Recipient.describe('Person: JID, phone number or exact name.') }),
  example: { contact: '1234567890@s.whatsapp.net' },
  output: z.object({
    contact: ContactSchema.extend({
      chat_jid: z.string().nullable(),
      last_interaction: z.string().nullable(),
      shared_chats: z.number().int(),
    }),
    ...searchFreshnessFields,
  }),
  summary: ({ contact }) =>
    `One person, ${contact.shared_chats} shared chats, last interaction ${contact.last_interaction ?? 'unknown'}.`,
  async run({ contact }, context) {
    const fresh = await searchFreshness(context);
    return { contact: context.store.contacts.get(contact), ...fresh };
  },
});

export const checkIsOnWhatsapp = defineTool({
  name: 'check_is_on_whatsapp',
  title: 'Who is on WhatsApp',
  description:
    'Checks which phone numbers are on WhatsApp, and under which addresses; is_on_whatsapp is absent where WhatsApp did not say. Use it for a number that search_contacts does not know. Asks WhatsApp, which restricts accounts that look up many numbers: put all into one call, and wait when it fails with rate_limited.',
  toolset: 'contacts',
  effect: 'read',
  openWorld: true,
  uses: ['contacts.check'],
  input: z.object({
    phones: z.array(z.string().max(40)).min(1).max(maxPhones).describe('Numbers with country code: +15550100000.'),
  }),
  example: { phones: ['+1234567890', '+15550199999'] },
  output: operations['contacts.check'].output.extend(servedFields),
  summary: ({ numbers }) =>
    `${numbers.filter((number) => number.is_on_whatsapp).length} of ${numbers.length} numbers are on WhatsApp.`,
  run: ({ phones }, context) => context.call('contacts.check', { phones: phoneNumbers(phones) }),
});

export const getProfilePicture = defineTool({
  name: 'get_profile_picture',
  title: 'Profile picture',
  description:
    'Gets the address of the profile picture of a person or a group; use it to look at or save the picture. visibility is none when there is none and hidden when it is not shown to this account. The address works for some days; a new id means a new picture. Asks WhatsApp.',
  toolset: 'contacts',
  effect: 'read',
  openWorld: true,
  uses: ['contacts.picture'],
  input: z.object({
    jid: Recipient.describe('Person or group: JID, phone number or exact name.'),
    size: z.enum(['preview', 'full']).default('full').describe('preview: a small one.'),
  }),
  example: { jid: '1234567890@s.whatsapp.net' },
  output: operations['contacts.picture'].output.extend({ jid: z.string(), ...servedFields }),
  summary: ({ visibility }) => (visibility === 'shown' ? 'There is a picture.' : `No picture: ${visibility}.`),
  async run({ jid: recipient, size }, context) {
    const jid = chatFor(context, recipient, ['direct', 'group']);
    return { jid, ...(await context.call('contacts.picture', { jid, size })) };
  },
});

export const getContactAbout = defineTool({
  name: 'get_contact_about',
  title: 'What a person says about themselves',
  description:
    'Gets what a person says about themselves, and since when; use it to learn how somebody describes themselves now. visibility is none when they say nothing or nobody has the number, and hidden when it is not shown to this account. Asks WhatsApp. How they look: get_profile_picture. Names, addresses and last contact, without asking: get_contact.',
  toolset: 'contacts',
  effect: 'read',
  openWorld: true,
  uses: ['contacts.about'],
  input: z.object({ jid: Recipient.describe('Person: JID, phone number or exact name.') }),
  example: { jid: '1234567890@s.whatsapp.net' },
  output: operations['contacts.about'].output.extend({ jid: z.string(), ...servedFields }),
  summary: ({ visibility }) => (visibility === 'shown' ? 'There is an about text.' : `No about text: ${visibility}.`),
  async run({ jid: recipient }, context) {
    const jid = chatFor(context, recipient, ['direct']);
    return { jid, ...(await context.call('contacts.about', { jid })) };
  },
});

export const getBlockedContacts = defineListTool({
  name: 'get_blocked_contacts',
  title: 'Blocked people',
  description:
    'Lists the people whom the account has blocked, with the names under which they are known here; use it to see who cannot write to the user, or before blocking somebody. Asks WhatsApp at most once a minute: age_seconds tells.',
  toolset: 'contacts',
  uses: ['contacts.blocked'],
  input: {},
  example: {},
  head: { total: z.number().int(), ...servedFields },
  entries: { field: 'contacts', row: BlockedSchema, line: blockedLine, standard: 100 },
  summary: ({ total }, count) => `${count} of ${total} blocked people.`,
  async list({ limit, cursor }, context) {
    const { blocked, ...answer } = await context.call('contacts.blocked', {});
    const people = namedPeople(context, blocked);
    return { total: people.length, ...answer, page: pageAfter(people, limit, cursor) };
  },
});
