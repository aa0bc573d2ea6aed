import * as z from 'zod';
import { checkpointStatuses, type HistoryStatus, historyStatuses } from '../../domain/states.ts';
import { retrieveFullHistory, syncHistoryToDatabase } from '../../sync/history.ts';
import { defineTool } from '../define.ts';
import type { Line } from '../layout.ts';
import { defineListTool } from '../result/list-tool.ts';
import { servedBy } from '../result/served.ts';
import { refuseLostStore } from '../store-status.ts';

export const retrieveFullHistoryTool = defineTool({
  name: 'retrieve_full_history',
  title: 'Retrieve full history',
  description:
    'Receives the past messages that the phone sends once, after linking, and waits for them up to timeout; a big account takes 5 to 20 minutes. Use it right after pairing, or later to see that all came. status in_progress: still arriving, follow it with get_baileys_sync_status. Afterwards call sync_history_to_database: only then can they be read and searched.',
  toolset: 'history',
  effect: 'write',
  openWorld: true,
  uses: ['history.full'],
  input: z.object({
    wait_for_completion: z.boolean().default(true).describe('false: return at once with the counts so far.'),
    timeout: z
      .number()
      .min(1)
      .max(86_400)
      .optional()
      .describe('Most seconds to wait, 300 by default; receiving goes on after them.'),
  }),
  example: { wait_for_completion: false },
  output: z.object({
    status: z.enum(Object.keys(historyStatuses) as [HistoryStatus, ...HistoryStatus[]]),
    messages_synced: z.number().int(),
    chats_synced: z.number().int(),
    sync_duration_seconds: z.number(),
    progress_percent: z.number(),
    message: z.string(),
    ...servedBy,
  }),
  summary: ({ message }) => message,
  run(args, context) {
    refuseLostStore(context.store);
    return retrieveFullHistory(context, args);
  },
});

export const syncHistoryToDatabaseTool = defineTool({
  name: 'sync_history_to_database',
  title: 'Copy history into the database',
  description:
    'Copies received history into the permanent, searchable message database. Call it after retrieve_full_history, or when a result carries pending_sync. Messages already there are skipped, so repeating it does no harm. status completed: all are searchable; in_progress: copying goes on, call it again to wait for the end.',
  toolset: 'history',
  effect: 'write',
  openWorld: false,
  uses: [],
  input: z.object({}),
  example: {},
  output: z.object({
    status: z.enum(['completed', 'in_progress']),
    messages_synced: z.number().int(),
    duplicates_skipped: z.number().int(),
    failed: z.number().int(),
    chats_synced: z.number().int(),
    sync_duration_seconds: z.number(),
    message: z.string(),
  }),
  summary: ({ message }) => message,
  run: (_args, context) => syncHistoryToDatabase(context),
});

const Checkpoint = z.object({
  chat_jid: z.string(),
  chat_name: z.string().nullable(),
  status: z.enum(checkpointStatuses),
  messages_synced: z.number().int(),
  oldest_message_id: z.string().nullable(),
  oldest_timestamp: z.string().nullable(),
  updated_at: z.string(),
  completed_at: z.string().nullable(),
  error: z.string().nullable(),
});

const checkpointLine: Line = { columns: ['chat_jid', 'chat_name', 'status', 'messages_synced', 'oldest_timestamp'] };

export const getSyncCheckpoints = defineListTool({
  name: 'get_sync_checkpoints',
  title: 'History checkpoints',
  description:
    'Lists for each chat how far back its history has been copied: oldest message, number of messages, status. Use it to see which chats are complete; for one chat use get_message_statistics. count is the number of all checkpoints.',
  toolset: 'history',
  uses: [],
  input: {},
  example: { limit: 5 },
  head: { count: z.number().int() },
  entries: { field: 'checkpoints', row: Checkpoint, line: checkpointLine, standard: 100 },
  summary: ({ count }, shown) => `${shown} of ${count} checkpoints.`,
  list({ limit, cursor }, { store }) {
    const page = store.checkpoints.list(limit, cursor);
    return { count: page.count, page };
  },
});

export const clearTempStorage = defineTool({
  name: 'clear_temp_storage',
  title: 'Clear received copies',
  description:
    'Deletes received history rows from temporary storage; messages in the database stay. Use it only to free disk space. Refuses while rows wait to be copied: call sync_history_to_database first. force deletes those too, and they come back only by linking the phone anew: never without the user’s consent.',
  toolset: 'history',
  effect: 'destructive',
  openWorld: false,
  uses: [],
  input: z.object({ force: z.boolean().default(false).describe('true: also delete rows that were never copied.') }),
  example: {},
  output: z.object({ messages_deleted: z.number().int() }),
  summary: ({ messages_deleted }) => `Deleted ${messages_deleted} temporary rows.`,
  run: ({ force }, { sync }) => sync.clearStaging(force),
});
