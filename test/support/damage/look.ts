import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { status } from '../../../src/cli/status.ts';
import { dataPaths } from '../../../src/config.ts';
import type { Services } from '../../../src/services.ts';
import { createServices } from '../../../src/services.ts';
import { asSyncFailure } from '../../../src/sync/failure.ts';
import { createHistoryCopy } from '../../../src/sync/history-copy.ts';
import type { Sync } from '../../../src/sync/sync.ts';
import { createWorkerTasks } from '../../../src/sync/worker-tasks.ts';
import { testConfig } from '../fakes/config.ts';
import { connect } from '../fakes/connect.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { textOf } from '../rows/result-text.ts';
import { rareId, rareWord } from './place.ts';

/** A tool's answer: its value, or the body of its error. */
export interface Answer {
  ok: boolean;
  value: Record<string, unknown>;
}

const calls = {
  chats: ['list_chats', {}],
  search: ['query_synced_messages', { content: rareWord }],
  statistics: ['get_message_statistics', {}],
  one: ['get_message', { message_id: rareId }],
  full: ['retrieve_full_history', { wait_for_completion: false }],
  copy: ['sync_history_to_database', {}],
  health: ['backend_status', {}],
  pairing: ['start_pairing', {}],
} as const satisfies Record<string, readonly [tool: string, args: Record<string, unknown>]>;

export type Question = keyof typeof calls;
export type Answers = Partial<Record<Question, Answer>> & { status?: { code: number; text: string } };

/**
 * Answers of a server on a data directory over an MCP client, one call after the other; the worker runs in this thread.
 */
export async function lookAt(dataDir: string, questions: readonly Question[]): Promise<Answers> {
  const server = await startLook(dataDir);
  try {
    return await server.ask(questions);
  } finally {
    await server.close();
  }
}

/** A server on a data directory that stays, to be asked before and after something happens to it. */
export async function startLook(dataDir: string) {
  const config = { ...testConfig(dataDir), bridge: 'baileys' as const };
  const { log } = quietLog();
  const services = withSync(createServices(config, log), inThread(dataDir));
  const { call, app, client } = await connect(services);
  return {
    async ask(questions: readonly Question[]): Promise<Answers> {
      const answers: Answers = {};
      for (const question of questions) {
        const [name, args] = calls[question];
        answers[question] = toAnswer(await call(name, args));
      }
      return answers;
    },
    async close(): Promise<void> {
      await client.close();
      await app.close();
    },
  };
}

/** The output and exit code of the status command; a throw would be a raw stack trace for its user. */
export async function statusOf(dataDir: string): Promise<{ code: number; text: string }> {
  const said: string[] = [];
  const terminal = { say: (text: string) => void said.push(text) } as unknown as Parameters<typeof status>[2];
  const flags = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_BRIDGE: 'baileys', WHATSAPP_LOG_LEVEL: 'silent' };
  const code = await status(flags, {}, terminal);
  return { code, text: said.join('\n') };
}

function toAnswer(result: CallToolResult): Answer {
  if (result.isError) return { ok: false, value: JSON.parse(textOf(result)) };
  return { ok: true, value: result.structuredContent as Record<string, unknown> };
}

function withSync(services: Services, sync: Sync): Services {
  return {
    get bridges() {
      return services.bridges;
    },
    get store() {
      return services.store;
    },
    get history() {
      return services.history;
    },
    get lookups() {
      return services.lookups;
    },
    sync,
    async close() {
      await services.close();
      await sync.close();
    },
  };
}

/** The worker's tasks without its thread, with the unchanged errors. */
function inThread(dataDir: string): Sync {
  const jobs = createWorkerTasks({ paths: dataPaths(dataDir), quietMs: 1000 });
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asSyncFailure(error);
    }
  };
  const signal = new AbortController().signal;
  const transfer: Sync['transfer'] = (lane) => failing(() => jobs.transfer(lane, { signal, progress: () => {} }));
  return {
    transfer,
    copyHistory: createHistoryCopy(transfer),
    index: (timeoutMs) => failing(() => jobs.index(timeoutMs, signal)),
    clearStaging: (force) => failing(() => jobs.clear(force)),
    close: async () => jobs.close(),
  };
}
