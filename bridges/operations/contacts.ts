import * as z from 'zod';
import { operation } from './define.ts';
import { Address, Id, Jid, Moment, Phone, peopleText } from './words.ts';

/**
 * What there is to see of something that people may hide. `none`: there is none, or nobody has this address; WhatsApp
 * says `none` of some things that are hidden, too.
 */
export const visibilities = ['shown', 'hidden', 'none'] as const;
const visibility = z.enum(visibilities);

/** At most so many numbers are looked up by one question. */
export const maxPhones = 20;

const minute = 60;

/** Errors of all: `upstream_unanswered` when WhatsApp says nothing, `rate_limited` when it was asked too much. */
export const contacts = {
  'contacts.check': operation({
    summary: 'Which phone numbers are on WhatsApp, and under which addresses.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    lookup: { cacheSeconds: 60 * minute, rateLimited: true },
    /** `+` and digits, each number once. */
    input: z.object({
      phones: z.array(Phone).min(1).max(maxPhones),
    }),
    /** In the order of the question. */
    output: z.object({
      numbers: z.array(
        z.object({
          phone: Phone,
          /** Absent where WhatsApp did not say. */
          is_on_whatsapp: z.boolean().optional(),
          /** The address with the number, which may be written differently there; of one who is on WhatsApp. */
          jid: Jid.optional(),
          lid: Jid.optional(),
          /** WhatsApp knows a business name of the account. */
          is_business: z.boolean().optional(),
        }),
      ),
    }),
  }),
  'contacts.picture': operation({
    summary: 'The profile picture of a person or a group, as an address from which it can be fetched for some days.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    lookup: { cacheSeconds: 10 * minute, rateLimited: true },
    input: z.object({ jid: z.string(), size: z.enum(['preview', 'full']) }),
    output: z.object({
      visibility,
      /** Another one with another picture. */
      id: Id.optional(),
      url: Address.optional(),
    }),
  }),
  'contacts.about': operation({
    summary: 'What a person says about themselves.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    lookup: { cacheSeconds: 10 * minute, rateLimited: true },
    input: z.object({ jid: z.string() }),
    output: z.object({
      visibility,
      about: peopleText(5000).optional(),
      /** ISO 8601, UTC. */
      set_at: Moment.optional(),
    }),
  }),
  'contacts.blocked': operation({
    summary: 'Whom the account has blocked.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    lookup: { cacheSeconds: minute, rateLimited: false },
    input: z.object({}),
    output: z.object({
      blocked: z.array(z.object({ jid: Jid, lid: Jid.optional() })),
    }),
  }),
};
