import * as z from 'zod';
import { operation } from './define.ts';
import { Address, Id, Jid, Moment, Phone, peopleText } from './words.ts';

/**
 * Visibility of something that people can hide. `none`: it does not exist, or the address has no account; WhatsApp also
 * answers `none` for some hidden values.
 */
export const visibilities = ['shown', 'hidden', 'none'] as const;
const visibility = z.enum(visibilities);

/** Max numbers per lookup. */
export const maxPhones = 20;

const minute = 60;

/** Errors of all: `upstream_unanswered` when WhatsApp does not answer, `rate_limited` after too many requests. */
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
    /** In the order of the input. */
    output: z.object({
      numbers: z.array(
        z.object({
          phone: Phone,
          /** Absent when WhatsApp did not answer for this number. */
          is_on_whatsapp: z.boolean().optional(),
          /** The PN address, whose digits may differ from the input; only for numbers on WhatsApp. */
          jid: Jid.optional(),
          lid: Jid.optional(),
          /** The account has a verified business name. */
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
      /** Changes with the picture. */
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
