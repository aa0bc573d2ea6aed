import * as z from 'zod';
import { BridgeStateSchema } from '../../operations/connection.ts';
import { Jid, Remark, Version } from '../../operations/words.ts';

/** Version of the interface between wa-bridge and its callers; a different number is incompatible. */
export const apiVersion = '1';

const WritingSchema = z.object({
  /** Since the program began. */
  writes: z.number().int(),
  /** Transactions that did not get the lock within seconds. */
  busy_errors: z.number().int(),
  /**
   * From the first attempt to write until the commit, including the wait for other programs; null before the first
   * write.
   */
  write_p50_ms: z.number().nullable(),
  write_p95_ms: z.number().nullable(),
  write_max_ms: z.number().nullable(),
});

/** The answer of wa-bridge to `GET /v1/status`: its state, available without a request to WhatsApp. */
export const WireStatusSchema = z.object({
  state: BridgeStateSchema,
  /** Credentials exist; this does not imply `ready`. */
  linked: z.boolean(),
  /** The socket to WhatsApp is open and logged in. */
  connected: z.boolean(),
  /** The linked account, without device; null before a phone is linked. */
  jid: Jid.nullable(),
  lid: Jid.nullable(),
  /** The reason for the state, for a person. */
  message: Remark.nullable(),
  /** Messages that arrived and could not be decrypted. */
  gaps: z.number().int().nonnegative(),
  /** History chunks that were announced and are not stored yet. */
  pending_history: z.number().int().nonnegative(),
  /** Statistics of the last writes to messages.db, at most a thousand; older daemons omit them. */
  store: WritingSchema.optional(),
  version: z.object({
    /** The version of the package that it was built from; `development` for other builds. */
    bridge: Version.optional(),
    /** The `apiVersion` of the daemon. */
    api: z.string().regex(/^\d{1,4}(\.\d{1,4}){0,2}$/),
    /** The last migration of messages.db that this build knows. */
    schema: z.string().regex(/^\d{1,6}$/),
    /** The version of WhatsApp Web that it reports. */
    wa_web: Version,
    go: Version.optional(),
    whatsmeow: Version.optional(),
  }),
});
export type WireStatus = z.output<typeof WireStatusSchema>;

/** `GET /v1/operations`: the operations of this build; we ignore names that we do not know. */
export const AnnouncementSchema = z.object({ operations: z.array(z.string()).max(1000) });
