import * as z from 'zod';
import { BridgeStateSchema } from '../../operations/connection.ts';
import { Jid, Remark, Version } from '../../operations/words.ts';

/** Of the interface between wa-bridge and its callers; another number is another interface. */
export const apiVersion = '1';

const WritingSchema = z.object({
  /** Since the program began. */
  writes: z.number().int(),
  /** Transactions that did not get the lock within seconds. */
  busy_errors: z.number().int(),
  /** From wanting to write, waiting for other programs included, until it was committed; null before the first write. */
  write_p50_ms: z.number().nullable(),
  write_p95_ms: z.number().nullable(),
  write_max_ms: z.number().nullable(),
});

/** What `GET /v1/status` of wa-bridge answers: what it says about itself at any moment, without asking WhatsApp. */
export const WireStatusSchema = z.object({
  state: BridgeStateSchema,
  /** Credentials exist. Linked is not ready. */
  linked: z.boolean(),
  /** The socket to WhatsApp is open and logged in. */
  connected: z.boolean(),
  /** The linked account, without device; null before a phone is linked. */
  jid: Jid.nullable(),
  lid: Jid.nullable(),
  /** Why it is in this state, for a person. */
  message: Remark.nullable(),
  /** Messages that arrived and that nobody could make readable. */
  gaps: z.number().int().nonnegative(),
  /** Parts of the history that were announced and are not written. */
  pending_history: z.number().int().nonnegative(),
  /** How the latest writes of messages.db went, at most a thousand; a program of before that has none. */
  store: WritingSchema.optional(),
  version: z.object({
    /** Of the package that it was built from; `development` where nobody told it. */
    bridge: Version.optional(),
    /** The `apiVersion` of that program. */
    api: z.string().regex(/^\d{1,4}(\.\d{1,4}){0,2}$/),
    /** Of messages.db: the last migration that this build knows. */
    schema: z.string().regex(/^\d{1,6}$/),
    /** The version of WhatsApp's page that it connects as. */
    wa_web: Version,
    go: Version.optional(),
    whatsmeow: Version.optional(),
  }),
});
export type WireStatus = z.output<typeof WireStatusSchema>;

/** `GET /v1/operations`: the names that this build serves; it may know names that we do not, which are used nowhere. */
export const AnnouncementSchema = z.object({ operations: z.array(z.string()).max(1000) });
