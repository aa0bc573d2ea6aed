import * as z from 'zod';
import type { CheckpointStatus } from '../../src/domain/states.ts';
import { BridgeStateSchema } from './connection.ts';
import { operation } from './define.ts';
import { Id, Moment } from './words.ts';

/** The phone sends at most so many messages with one page. */
export const maxInPage = 50;

/** How a page leaves the checkpoint of its chat. */
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
   * Errors: `not_found` for a chat of which no message is stored, `upstream_unanswered` when the phone says nothing,
   * which the checkpoint of the chat tells too.
   */
  'history.page': operation({
    summary: 'Ask the phone for one page of older messages of a chat; it is stored with how far back it came.',
    effect: 'write',
    repeat: 'safe',
    route: ['baileys', 'whatsmeow'],
    input: z.object({
      /** Any address of the chat. */
      chat_jid: z.string(),
      /** Older than this message; without it, than the oldest one that is stored. */
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
      /** Messages of the page; what the phone keeps of a chat beside them is none. */
      messages_fetched: z.number().int(),
      /** Those of them that were not stored before. */
      messages_stored: z.number().int(),
      /** The end of the page, to ask from for the next one; without a page, where it was asked from. */
      oldest_message_id: Id,
      oldest_from_me: z.boolean(),
      /** ISO 8601, UTC. */
      oldest_timestamp: Moment,
      /** `exhausted`: the phone has nothing older. */
      status: z.enum(pageStatuses),
    }),
  }),
};
