import * as z from 'zod';
import type { CheckpointStatus } from '../../src/domain/states.ts';
import { BridgeStateSchema } from './connection.ts';
import { operation } from './define.ts';
import { Id, Moment } from './words.ts';

/** Max messages that the phone sends in one page. */
export const maxInPage = 50;

/** The status of the chat's checkpoint after a page. */
const pageStatuses = ['in_progress', 'exhausted'] as const satisfies readonly CheckpointStatus[];

export const history = {
  'history.full': operation({
    summary:
      'Connect and keep receiving the full history that the phone sends after pairing; retries parts that failed.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    input: z.object({}),
    output: z.object({ state: BridgeStateSchema, pending_chunks: z.number().int() }),
  }),
  /**
   * Errors: `not_found` for a chat without stored messages; `upstream_unanswered` when the phone does not answer, which
   * the checkpoint records too.
   */
  'history.page': operation({
    summary: 'Ask the phone for one page of older messages of a chat; it is stored with how far back it came.',
    effect: 'write',
    repeat: 'safe',
    route: ['baileys', 'whatsmeow'],
    // Pages are fetched one at a time with pauses, and the phone may have to wake up; it also refuses by silence.
    timeoutMs: 45_000,
    answerTimeoutMs: 30_000,
    input: z.object({
      /** Any address of the chat. */
      chat_jid: z.string(),
      /** Requests messages older than this one; default: the oldest stored message. */
      before: z
        .object({
          message_id: z.string().min(1),
          from_me: z.boolean(),
          /** ISO 8601, UTC. */
          timestamp: z.string(),
        })
        .optional(),
      count: z.number().int().min(1).max(maxInPage),
    }),
    output: z.object({
      /** Messages in the page; other entries of the phone do not count. */
      messages_fetched: z.number().int(),
      /** Messages of the page that were not stored before. */
      messages_stored: z.number().int(),
      /**
       * The oldest message of the page, from which to request the next one; for an empty page the requested position.
       */
      oldest_message_id: Id,
      oldest_from_me: z.boolean(),
      /** ISO 8601, UTC. */
      oldest_timestamp: Moment,
      /** `exhausted`: the phone has no older messages. */
      status: z.enum(pageStatuses),
    }),
  }),
};
